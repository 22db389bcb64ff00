"""What words are; knows no database.

analysis    text → terms with their places: NFKC, stems, characters and pairs where no spaces stand between words
scripts     what a word's script says of it: its other spellings, its stem
stopwords   words that a question is never searched by, and those by which it asks
sounds      a word → how it sounds, to find what it was misheard as
phrases     words in a row, found in texts
turns       what a cue says of where something begins or ends
wording     how times and counts are written
"""
