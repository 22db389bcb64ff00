"""What speech recognition gives as JSON, one module a maker.

words       words with times → cues
whisper     Whisper, faster-whisper, WhisperX, whisper.cpp and OpenAI's verbose JSON
aws         AWS Transcribe
deepgram    Deepgram
assemblyai  AssemblyAI
elevenlabs  ElevenLabs
podcasting  Podcasting 2.0 transcripts and chapters
exported    Verbatim's own, as `export` writes it
"""
