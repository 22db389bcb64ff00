"""Between languages: Japanese words and the English ones that mean the same, or sound so; knows no database.

table     the dictionary in memory: forms → English words, and back
japanese  a Japanese text → the words that the dictionary knows
katakana  a name in katakana → its spellings in Latin letters
"""
