"""Pure: dataclass in, message out; every limit of Discord as a named constant.

words          escaping, shortening, marking; a message of one sentence
answers        an `Answer` as quotes with their links, under their transcripts' titles
quotes         the words of a quote: marked, by whom, shortened
mentions       `Mentions` counted, and one by one
bars           mentions over a talk or over days, counted
chart          bars as a picture
excerpts       an `Excerpt`: a quote among the words around it
corrections    what was really said: beside a quote, and for moderators to decide
listings       the library and its pages
subscriptions  all of them, one of them, and what becomes of it
hearing        what one hears of and when it is told, as parts of sentences
rehearsals     what one would have sent, before it is shown
reasons        why something could not be sent, as the end of a sentence
alerts         a member's alerts
notifications  a server's settings for them, and what fails
privacy        what is kept about a member
feeds          podcasts that are followed
votes          what a member is told of their own vote
insights       what is asked, in three lists
glossary       the glossary and changes to it
deliveries     what became of a transcript for each subscription, and why
transcripts    what is known of one, and what becomes of it
reports        what an ingest did
announcements  a new transcript, or many in one post, for the channels that subscribed
"""
