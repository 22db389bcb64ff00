"""What words are; knows no database.

analysis         text → terms with their places: NFKC, stems, characters and pairs where no spaces stand between words
cutting          where words begin and end, and how each is folded
scripts          what a word's script says of it: its other spellings, its stem
languages        languages by their codes and names, and whose words are treated otherwise than their script's
telling          which language a transcript is in
stopwords        words that a question is never searched by, and those by which it asks
latin_stopwords  stop words of other languages in Latin letters than English
numbers          numbers and the ways in which they are written and said
names            names with signs or digits in them, and acronyms, likewise
sounds           a word → how it sounds, to find what it was misheard as
awaited          words that somebody waits for, as they were typed
phrases          words in a row, found in texts
differing        a text and how it should be: what differs, and where its words belong
echoes           what stands in a transcript and isn't searched: lines said again, thanks into silence
turns            what a cue says of where something begins or ends
wording          how times and counts are written
"""
