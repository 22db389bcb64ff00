"""What people see: one file a command group.

ask            /ask: quotes with their links
searching      what the commands that search share: options, patience, memory
reading        the buttons under an answer: around a quote, the next page, post it to the channel
votes          the two buttons under a public answer, and the record of what was asked
pace           how much one member may ask, and one thing at a time
reporting      the menu, the button and the form by which members say what was really said
reviewing      /corrections: what of that moderators approve
mentions       /mentions: how often something was said, and each time it was
ingest         /ingest: transcript files into the library
correcting     buttons and forms that change it: undo, replace, describe
transcript     /transcript: what is known of one transcript, and what can be done about it
library        /library: what is in it, page by page
subscriptions  /subscribe, /unsubscribe, /subscriptions
why            /why: what happened to each delivery of a transcript
subscribed     the screens of subscriptions: all, one, its buttons
rehearsing     what one would have sent for the newest transcript
changing       the two forms of one: what it hears of, how it is told
standing       how one stands in Discord, and what may be asked of it
alerts         /alert: what a member waits for, by direct message
notifications  /notifications: when digests come, where problems are told
troubles       who is told once of what fails
following      /follow: podcasts that bring their transcripts, and the loop that looks at them
glossary       /glossary: names and what they are also heard as
privacy        /privacy: what is kept about a member, and erasing it
leaving        servers that the bot was removed from, erased after some days
insights       /insights: what is asked in vain, what most, which transcripts answer
help           /help, for members and for moderators
about          the button of an announcement: a question about that transcript
delivery       the loop that sends what subscriptions are owed
posting        one post on its way to Discord, and what became of it
places         where posts go, and whom they may ping there
forums         posts in a forum: a thread each
weather        whether Discord itself is in trouble
permissions    what the bot may do in a channel
rendering/     pure: dataclass in, message out; Discord's limits; escaping
locales/       what people read, in their languages: one catalogue a language
interactions   each from its arrival to its end: its reference, its outcome, one line of the log
replies        any error → one sentence; response or follow-up
"""
