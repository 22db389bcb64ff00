"""Japanese questions on the real file of 84 minutes of English automatic captions, and where their answers are spoken.

Each is (kind, question, ranges as (earliest, latest) in minutes and seconds); several ranges where the answer is given
several times. Chosen by reading the captions from beginning to end and asking what Japanese-speaking members of a
community would type about the talk, in their own words and ways of typing: polite, plain, and mere keywords. Names have
their weight on names, in katakana as the press writes them or in Latin letters, some of them misheard by the captions.
Numbers have it on numbers and their counters, in different writings. Words are ordinary nouns and verbs, in kanji, kana
and everyday katakana. Paraphrased ones say it otherwise than a literal translation of the captions would.
"""

JAPANESE: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    # ---------------------------------------------------------------- names
    ("names", "サティア・ナデラの名前が出てくるのは何の話？", (("00:01", "00:14"), ("07:08", "07:25"))),
    # captions: "Sacha Della" (00:10), "Sacha Nella" (07:20); Henry Ford and the tanks before it
    ("names", "オラクルが規制に文句を言ってるのは、バイトダンスが大口の客だからですか？", (("03:18", "03:30"),)),
    # captions: "oracle's been throwing" (03:22), "it's / bite dance" (03:27-03:28)
    ("names", "OpenAIが日本向けのGPTをマレーシアで動かす可能性ってあるの？", (("05:17", "05:31"),)),
    # captions: "is open AI / going to serve GPT in in in Japan" (05:20-05:22), "centers in Malaysia maybe" (05:27)
    (
        "names",
        "ディープシークやアリババのモデルが優秀なのは、GPT-4の出力で学習してるから？",
        (("11:05", "11:22"),),
    ),
    # captions: "generation of gp4" (11:10), "Alibaba and deepseeker really good" (11:15), "data from gp4" (11:18)
    ("names", "xAIはなぜメンフィスの工場を買ったんですか？", (("30:17", "30:38"), ("31:04", "31:33"))),
    # captions: "can't find a data center" (30:20), "Factory in Memphis Tennessee" (30:36), "why did we buy it" (31:06)
    ("names", "テスラのバッテリーは何のために置いたの？", (("32:08", "32:32"),)),
    # captions: "power went to zero" (32:22), "blow up / grids" (32:26-32:27), "Tesla / battery packs" (32:30-32:31)
    ("names", "メタはLlamaを公開することで何を得ているんですか？", (("47:09", "47:30"),)),
    # captions: "attract a lot of talent" (47:11), "the whole Community tell them" (47:13), "meta is learning" (47:24)
    ("names", "エヌビディアはブラックウェルの性能を盛ってるって本当？", (("55:24", "55:52"),)),
    # captions: "Blackwell / nvidia's pitching 10 to 15x" (55:26-55:28), "massaging the numbers marketing" (55:31);
    # "105x" for ten to fifteen (55:50)
    ("names", "アンソロピックは仕方なくTrainiumを使っているの？", (("57:18", "57:40"), ("58:01", "58:37"))),
    # captions: "the basket of trainum" (57:21), "how much / of this is forced" (57:21-57:23),
    # "anthropic was / forced to" (58:03-58:05), "tranium go all in" (58:37)
    ("names", "MosaicMLのMPTやDBRXは当時どれくらいすごかったの？", (("63:49", "64:09"),)),
    # captions: "they / had the best model in the world twice" (63:53-63:54),
    # "with the m MPT and then once with dbrx" (64:02)
    ("names", "ジェンスンがコアウィーブにGPUを回したのはなぜですか？", (("66:03", "66:33"),)),
    # captions: "Jensen is no idiot" (66:07), "let me spark / competition" (66:15-66:17); "cor weave" (65:34, 66:35)
    ("names", "クロードだけがまともに答えられる質問って何？", (("81:27", "81:57"),)),
    # captions: "semiconductor manufacturing" (81:31), "Claude is the / only model" (81:42-81:44), "lithography" (81:48)
    # -------------------------------------------------------------- numbers
    ("numbers", "７％ルールで困るのはどの会社？", (("05:50", "06:46"),)),
    # captions: "only have 7% of your data center" (05:54), "Oracle was to / have like 20%" (06:00-06:03),
    # "everyone else" (06:43)
    ("numbers", "10の26乗FLOPSを超えるモデルは届け出が必要なんですか？", (("09:40", "09:58"),)),
    # captions: "model that's 26 flops" for ten to the 26 (09:45), "a / notification requirement" (09:54-09:56)
    ("numbers", "五万基の上限に引っかからずに買う方法ってあるの？", (("13:24", "13:58"),)),
    # captions: "only buy 50,000 gpus" (13:30, 13:41), "1,700 or / less that doesn't count" (13:43-13:45),
    # "shell companies" (13:50)
    ("numbers", "50億ドルかけたモデルの元を取るには、推論でいくら売り上げればいい？", (("18:02", "18:24"),)),
    # captions: "amortize the cost of like a $5 billion / model" (18:07-18:09),
    # "$10 billion of a of inference / revenue" (18:11)
    ("numbers", "モデルの重みは三十秒ごとに更新しないといけない？", (("50:36", "51:26"),)),
    # captions: "update it every 30 seconds" (50:44), "every 15 seconds" for Llama (50:50), "unknown to me" (51:21)
    ("numbers", "2022年に20メガワットだったのが2027年には2ギガワットって本当？", (("39:01", "39:51"),)),
    # captions: "two gws by early to mid 27" (39:06), "20 megawatts / to 2 gaws from 2022 to 2026 27" (39:38-39:41)
    ("numbers", "2025年のモデルの進歩は2024年より大きくなりそうですか？", (("80:16", "80:22"),)),
    # captions: "this year in 25 be / more or less are the same as in 24 more" (80:17-80:20)
    # ---------------------------------------------------------------- words
    ("words", "シンガポールの会社だと名乗っている中国企業", (("03:39", "03:51"),)),
    # captions: "many of them claiming they're now / Singaporean companies" (03:42-03:44),
    # "GDs moved to Singapore" (03:47)
    (
        "words",
        "ソブリンAI向けにやってるスタートアップは規制でどうなりますか？",
        (("08:36", "08:51"), ("09:03", "09:26")),
    ),
    # captions: "serving Sovereign / AI firms" (08:40-08:42), "heavily heavily impacted" (08:47),
    # "bad for startups" (09:23)
    (
        "words",
        "作ったデータをほとんど捨てちゃうのはなんで？",
        (("14:59", "15:13"), ("41:19", "41:31"), ("50:16", "50:27")),
    ),
    # captions: "throw / most of it away" (15:02-15:03), "throwing away a lot of it" (41:28),
    # "throwing away a bunch" (50:21)
    ("words", "AIエージェントを使えばデータの移行も楽になる？", (("19:40", "19:58"),)),
    # captions: "more easily migrate data out" (19:43),
    # "simple thing to do with a bunch of like / AI agents" (19:53-19:54)
    (
        "words",
        "アンソロピックは調達した資金だけでGPU代を払えるの？",
        (("27:53", "28:32"), ("29:24", "29:36")),
    ),
    # captions: "like2 billion" (27:54), "a year year and a half / of GPU rental" (28:12-28:14),
    # "not enough to pay for the whole / cluster" (29:27-29:29)
    ("words", "チップの故障 どのくらい", (("29:59", "30:10"),)),
    # captions: "failed chips" (30:03), "quite a few are failed" (30:06), "silent failures" (30:07)
    ("words", "環境への約束を今も守っている大手はどこですか？", (("36:01", "36:19"),)),
    # captions: "Google and Amazon / are still quite like committed to their / green pledges" (36:03-36:06)
    ("words", "オープンソースのモデルは音声モードやコストでまだ負けてる？", (("43:57", "44:23"),)),
    # captions: "does anyone have a / voice mode" (44:00-44:02), "inference cost" (44:04),
    # "open models are are behind" (44:18)
    ("words", "データセンターは近くに固めて建てないとだめ？", (("48:50", "49:01"), ("51:29", "51:51"))),
    # captions: "right next to each / other" (48:52-48:53), "geographically spread" (48:55), "not collocated" (51:38)
    ("words", "学習用のチップと推論用のチップは結局同じものなんですか？", (("54:44", "55:17"),)),
    # captions: "training chips are / inference chips which is very funny" (55:05-55:07)
    ("words", "会社が持っているデータって実は質が悪いの？", (("61:56", "62:19"), ("64:19", "64:29"))),
    # captions: "Enterprises like to think their data / is good" (62:02-62:04), "pretty dirty and garbage" (62:06),
    # "my customers data" (64:22)
    ("words", "高い金利で借りてまでGPUをそろえたのは正しかった？", (("68:41", "69:00"),)),
    # captions: "corewave" (68:41), "double digit loans" (68:50),
    # "to deploy gpus was the / right decision" (68:52-68:54)
    ("words", "イノベーションのジレンマ クラウド大手", (("71:29", "72:25"),)),
    # captions: "innovator dilemma" (71:37), "innovators / dilemma with the big companies" (72:22-72:23)
    ("words", "光通信がボトルネックになる理由", (("73:06", "73:35"),)),
    # captions: "networking and / Optics" (73:08-73:10), "a big bottleneck" (73:13), "more interconnected gpus" (73:32)
    ("words", "GPUがCNNを苦手にしているのはわざとですか？", (("78:21", "78:37"),)),
    # captions: "gpus are not good at running / CNN" (78:25-78:26), "conscious design decision by Nvidia" (78:28, 78:37)
    ("words", "ニュースレターのほかに、どんな商売をしているんですか？", (("83:38", "83:50"),)),
    # captions: "check out the newsletter" (83:42), "main business / like the data sales and Consulting" (83:46-83:47)
    # ---------------------------------------------------------- paraphrased
    ("paraphrased", "モデルを大きくしていくやり方はもう頭打ちなの？", (("15:33", "16:08"),)),
    # captions: "petering / out" (15:42-15:44), "diminishing returns" (15:51), "a logarithmic Improvement" (16:04)
    (
        "paraphrased",
        "中国に対して厳しすぎず甘すぎない規制のさじ加減とは？",
        (("22:19", "22:31"), ("24:17", "24:33")),
    ),
    # captions: "this like Goldilocks" (22:23), "goldilock zone" (24:19, 24:26),
    # "don't want to ban them too hard" (24:20)
    ("paraphrased", "オープンAIが潰れたら損をするのは誰？", (("29:08", "29:26"),)),
    # captions: "Oracle may like / have taken the credit risk" (29:10-29:12),
    # "opening on this contract exist / in three years" (29:15)
    ("paraphrased", "ライバルの足を引っ張るより自分たちが頑張るべきだと思ってる？", (("37:34", "37:53"),)),
    # captions: "we should win harder / rather than we should like try to make / them lose" (37:38-37:43)
    ("paraphrased", "パソコンを勝手に操作してくれるAIって、もう使い物になりますか？", (("49:24", "49:41"),)),
    # captions: "computer use models because anthropics / computer use model today sucks" (49:28-49:29)
)
