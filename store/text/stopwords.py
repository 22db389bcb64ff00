"""Words that carry grammar and no subject, and words by which a question asks.

A question is never searched by the first. The second say what the asker wants, seldom what was said: they count less.
Folded as the analysis folds them. Chosen by hand: closed-class words (articles, pronouns, prepositions, conjunctions,
particles, auxiliaries, question words) and nothing that could be a topic, nor a number. Those of other scripts than
Latin can't be another language's topics either, or hardly.
"""

from store.text.scripts import folded

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

RUSSIAN = frozenset(
    """
    и а но да или либо то же ли не ни бы б уж вот ведь лишь только даже еще уже также тоже чтобы чтоб что как если
    когда пока хотя потому поэтому так такой такая такое такие того тому тем этот эта это эти этого этой этому этим
    этих этими эту том те тот та тех теми ту тою
    я меня мне мной мною ты тебя тебе тобой тобою он его ему им ним нем нему него она ее ей ею нее ней нею оно
    мы нас нам нами вы вас вам вами они их ими них ними себя себе собой собою
    мой моя мое мои моего моей моему моим моих моими мою твой твоя твое твои твоего твоей твоих твою
    наш наша наше наши нашего нашей нашему нашим наших нашими нашу ваш ваша ваше ваши вашего вашей ваших вашу
    свой своя свое свои своего своей своему своим своих своими свою сам сама само сами самого самой самих
    кто кого кому кем ком чего чему чем чей чья чье чьи какой какая какое какие какого какой какому каким каких какими
    какую который которая которое которые которого которой которому которым которых которыми которую каков какова
    где куда откуда зачем почему отчего сколько насколько здесь там тут туда сюда тогда теперь
    в во на к ко с со у о об обо от ото по под подо над надо из изо за до для без при про через перед передо между
    среди около возле вокруг после против ради кроме вместо сквозь
    быть был была было были буду будет будем будете будут будь есть нет
    весь вся все всего всей всему всем всех всеми всю каждый каждая каждое
    очень более менее
    """.split()
)

ARABIC = frozenset(
    """
    من الي عن علي في مع بين حتي منذ مذ عند عندما لدي حول خلال بعد قبل تحت فوق امام خلف دون بدون ضد نحو عبر سوي غير
    و او ام ثم بل لكن ولكن لا لم لن ما ليس ليست ليسوا الا انما ان اذا اذ لو لولا لما كي لكي حيث بينما كما كان كانت كانوا
    يكون تكون يكونوا كنت كنا قد لقد سوف هل ا يا اي ايا ايه
    هو هي هم هن هما انا نحن انت انتم انتما انتن هذا هذه هذان هاتان هؤلاء ذلك تلك اولئك هنا هناك
    الذي التي الذين اللذان اللتان اللاتي اللواتي ماذا من متي اين كيف كم لماذا لم اين بم عم مم مما عما فيما بما
    كل بعض جميع ايضا فقط جدا
    به بها بهم له لها لهم لنا لك لي منه منها منهم فيه فيها فيهم عنه عنها عنهم عليه عليها عليهم اليه اليها اليهم معه معها
    ومن وفي وعلي وعن والي وهو وهي وهم وقد وكان وكانت وما ولا ولم ولن وان وهذا وهذه والذي والتي فان فقد بان لان لانه
    لانها انه انها انهم وانه ذات عليك
    """.split()
)

HINDI = frozenset(
    """
    का की के को से में पर ने तक द्वारा लिए वाला वाली वाले साथ बाद पहले बीच ऊपर नीचे अंदर बाहर तरह
    और या तथा एवं व कि जो जिस जिसका जिसकी जिसके जिसे जिसने जिसमें जिन जिनका जिनकी जिनके जिन्हें जिन्होंने जब तब जहाँ जहां
    वहाँ वहां यहाँ यहां लेकिन मगर परंतु किंतु यदि अगर तो भी ही न नहीं मत क्योंकि इसलिए ताकि जैसे जैसा जैसी वैसे ऐसे ऐसा ऐसी
    मैं मुझे मुझको मेरा मेरी मेरे हम हमें हमारा हमारी हमारे तुम तुम्हें तुम्हारा तुम्हारी तुम्हारे आप आपको आपका आपकी आपके
    यह ये वह वे वो इस इसका इसकी इसके इसे इसने इसमें इन इनका इनकी इनके इन्हें इन्होंने उस उसका उसकी उसके उसे उसने उसमें उन उनका उनकी
    उनके उन्हें उन्होंने अपना अपनी अपने खुद स्वयं
    क्या कौन कौनसा कौनसी किस किसका किसकी किसके किसे किसने किसमें किन किनका किनके किन्हें कब कहाँ कहां कैसे कैसा कैसी क्यों
    कितना कितनी कितने
    है हैं हूँ हूं हो था थी थे थीं होगा होगी होंगे होता होती होते होना होने हुआ हुई हुए गया गयी गई गए गये जाता जाती जाते
    रहा रही रहे सकता सकती सकते कर करके किया की किए दिया दी दिए सभी हर कुछ कोई किसी बहुत अधिक
    """.split()
)

GREEK = frozenset(
    """
    ο η το οι τα του τησ των τον την τη τουσ τισ στο στη στην στον στα στουσ στισ στου στησ στων ενασ μια ενα ενοσ μιασ
    ενα εναν και κι ειτε ουτε μητε αλλα ομωσ ωστοσο αν εαν οταν ενω επειδη γιατι διοτι ωστε οτι πωσ που να θα ασ
    δε δεν μη μην ναι οχι σε με απο για προσ παρα κατα μετα χωρισ μεχρι ωσ σαν υπερ αντι υπο επι δια περι μεσω
    εγω εμενα μου με εσυ εσενα σου σε αυτοσ αυτη αυτο αυτοι αυτεσ αυτα αυτου αυτησ αυτων αυτον αυτην εμεισ εμασ μασ
    εσεισ εσασ σασ εκεινοσ εκεινη εκεινο εκεινοι εκεινεσ εκεινα οποιοσ οποια οποιο οποιοι οποιεσ οποιου οποιασ οποιων
    τουτοσ τουτη τουτο ποιοσ ποια ποιο ποιοι ποιεσ ποιου ποιων ποιον τι ποτε ποσο ποσοι ποσεσ ποσα ποσησ οποτε οπου οπωσ
    οσοσ οση οσο οσοι οσεσ οσα ειμαι εισαι ειναι ειμαστε ειστε ημουν ησουν ηταν ημασταν ησασταν εχω εχεισ εχει εχουμε
    εχετε εχουν ειχα ειχε ειχαν εδω εκει τωρα τοτε πολυ πιο ολοσ ολη ολο ολοι ολεσ ολα ολων καθε καποιοσ καποια καποιο
    """.split()
)

STOPWORDS = frozenset(map(folded, ENGLISH | RUSSIAN | ARABIC | HINDI | GREEK))

ASKING = frozenset(
    """
    tell explain describe summarize summarise summary discuss discussed discussion think thought say says said talk
    talks talked talking mention mentioned please know mean means happen happened opinion opinions
    """.split()
)
