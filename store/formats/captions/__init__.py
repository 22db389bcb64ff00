"""Caption formats: words with times to be shown over a video, one module each.

blocks   `start --> end` lines and what follows them: what WebVTT and SubRip share
rolling  captions whose lines roll or grow, each word once
lit      captions that light one word after the other, each sentence once
labelled names in front of captions' lines, each line to who says it
vtt      WebVTT
srt      SubRip, and Teams' text exports
sbv      YouTube's SubViewer
lrc      LRC, of lyrics
ass      SubStation Alpha
ttml     TTML, DFXP, IMSC
json3    YouTube's json3
srv      YouTube's srv1 to srv3
"""
