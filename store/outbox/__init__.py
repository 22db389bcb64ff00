"""What subscriptions are owed of new transcripts, and the messages in which they were told: an outbox.

notifying      its face: subscribe, pause, remove, why
sending        its part that sends: what is to be done next, and what became of it
subscriptions  SQL of who hears of what
owing          SQL of deliveries: written with their transcripts, let go, changed with them
passing        which transcripts pass a subscription's filters
resuming       SQL of going on after a pause
scheduling     when there is something to do next, for whom
claiming       SQL of posts: what is to be done next with one, and which deliveries go into a new one
marking        SQL of what became of a post
telling        SQL of what became of deliveries, for those who ask why
times          when a digest is sent, and how long a failed try waits
settings       SQL of a guild's hour, zone, channel for problems and language
"""
