"""What words are; knows no database.

analysis    text → terms with their places: NFKC, stems, characters and pairs of CJK
stopwords   English words that a question is never searched by
sounds      a word → how it sounds, to find what it was misheard as
phrases     words in a row, found in texts
wording     how times and counts are written
"""
