"""English words that carry grammar and no subject, and words by which a question asks.

A question is never searched by the first. The second say what the asker wants, seldom what was said: they count less.
After casefolding and without apostrophes, as the analysis makes them. Chosen by hand: closed-class words (articles,
pronouns, prepositions, conjunctions, auxiliaries, question words) and nothing that could be a topic.
"""

ENGLISH = frozenset(
    """
    a an the this that these those there here
    i me my mine myself we us our ours ourselves you your yours yourself yourselves
    he him his himself she her hers herself it its itself they them their theirs themselves one ones
    who whom whose which what where when why how
    and or but nor so yet if then else than as because while although though until unless whether
    of at by for with without about against between into through during before after above below to from
    up down in out on off over under again further once
    am is are was were be been being do does did doing done have has had having
    can could may might must shall should will would ought
    not no any some each every either neither both all such only own same too very just also
    im ive ill id youre youve youll youd hes shes weve theyre theyve theyll theyd
    isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt cant couldnt wont wouldnt shouldnt mustnt
    thats theres heres whats whos hows wheres whens whys lets
    """.split()
)

ASKING = frozenset(
    """
    tell explain describe summarize summarise summary discuss discussed discussion think thought say says said talk
    talks talked talking mention mentioned please know mean means happen happened opinion opinions
    """.split()
)
