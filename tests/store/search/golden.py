"""Questions on the real file of 84 minutes of automatic captions, and where in it their answers are spoken.

Each is (kind, question, ranges as (earliest, latest) in minutes and seconds); several ranges where the answer is given
several times. Chosen by reading the captions: misheard ones spell a name rightly that the captions don't, plain ones
use words that were said among others, paraphrased ones share a word or two, phrases were said in these words. What is
unanswerable has its main words nowhere in the file, and is answered by saying which.
"""

GOLDEN = (
    # ------------------------------------------------------------- misheard
    (
        "misheard",
        "what does he say about the US keeping its hegemony?",
        (("00:00", "00:10"), ("02:16", "02:39"), ("06:55", "07:20")),
    ),
    # captions: "hemony" (00:00, 02:31, 07:03, 07:07)
    ("misheard", "why does Dylan bring up Satya Nadella?", (("00:01", "00:14"), ("07:08", "07:25"))),
    # captions: "Sacha Della" (00:10), "Sacha Nella" (07:20)
    (
        "misheard",
        "where does ByteDance get its GPUs from?",
        (("03:16", "03:30"), ("12:05", "12:41"), ("13:05", "13:16")),
    ),
    # captions: "bite dance" (03:28, 12:05-12:17, 13:07), "bike / dance" (13:13-13:15)
    ("misheard", "how much is CoreWeave worth these days?", (("66:35", "66:56"),)),
    # captions: "cor weave" (66:35); also "core re" (08:55), "corewave" (68:41), "Corby" (69:11)
    ("misheard", "is CoreWeave's rental software any better than what Google and Amazon have?", (("71:06", "72:18"),)),
    # captions: "cor weef" (71:27)
    ("misheard", "how many Trainium chips will Anthropic have this year?", (("25:37", "25:52"),)),
    # captions: "tranium" (25:42, 25:45)
    (
        "misheard",
        "how good is Trainium really, is it worse than other chips?",
        (("56:22", "57:06"), ("57:36", "58:00"), ("58:37", "58:52")),
    ),
    # captions: "tranium" (56:23, 57:06, 57:08), "trainum" (57:18, 58:44)
    ("misheard", "how much pricier is a query to o1 compared with GPT-4o?", (("16:55", "17:30"),)),
    # captions: "01 versus GPD 40" (16:58)
    ("misheard", "what was that bit about Klarna, and is SaaS in danger?", (("19:22", "20:00"),)),
    # captions: "Clara" (19:32), "SAS" (19:29), "stas" (19:58)
    ("misheard", "is Sam Altman good at fundraising?", (("29:26", "29:39"),)),
    # captions: "Sam / strength" (29:36-29:38)
    ("misheard", "how long is GE Vernova sold out?", (("33:58", "34:16"),)),
    # captions: "GE right like it's like oh / wow vnova" (34:06-34:08)
    ("misheard", "why would Meta run fake matrix multiplications?", (("32:57", "33:25"),)),
    # captions: "fake M / Matrix multip" (33:15-33:17)
    ("misheard", "how many gigawatts is Meta setting up in Louisiana?", (("35:27", "35:42"),)),
    # captions: "two GW", "2 gws" (35:28, 35:34)
    ("misheard", "how many watts does Blackwell draw compared to older chips?", (("38:20", "38:33"),)),
    # captions: "A1 100s", "h00 are 700 wat black well is / 1200 wat" (38:24-38:29);
    # "Blackwell" is right elsewhere (55:28, 68:27)
    ("misheard", "how much will OpenAI have raised by the end of 2027?", (("39:51", "40:30"), ("46:12", "46:23"))),
    # captions: "open a raised" (39:55), "opening eye" (46:16)
    ("misheard", "will there be an open source model as good as o3 within nine months?", (("45:26", "45:51"),)),
    # captions: "03" (45:33, 45:41); "69 / months" for six, nine months (45:28)
    ("misheard", "does he care about benchmarks such as SWE-bench?", (("47:44", "48:14"),)),
    # captions: "sweep / bench" (47:55-47:56), "delas" (47:58)
    ("misheard", "what does he say about Cerebras, Groq, SambaNova and Tenstorrent?", (("52:16", "52:59"),)),
    # captions: "cerebrus Gro and / manova tens torrent" (52:19-52:22)
    ("misheard", "does he like what MatX is doing?", (("52:26", "52:49"), ("56:03", "56:22"))),
    # captions: "madx" (52:31, 56:09)
    ("misheard", "what is Nvidia's attitude to coopetition with its customers?", (("60:03", "60:30"),)),
    # captions: "coopertition" (60:13)
    ("misheard", "are Fireworks and Together faster than vLLM or TensorRT-LLM?", (("62:29", "62:52"),)),
    # captions: "VM or / tensor RTM" (62:43-62:45)
    ("misheard", "could Databricks make a comeback thanks to reasoning?", (("63:17", "64:43"),)),
    # captions: "data Works" (63:33), "Alia D BRS" (Ali at Databricks, 63:42), "data breaks" (63:08-63:10)
    ("misheard", "what is PUE and how bad is it at converted sites?", (("70:04", "71:00"),)),
    # captions: "a metric called pee / power usage Effectiveness" (70:06-70:08)
    ("misheard", "who trained a Chinchilla optimal model?", (("75:55", "76:19"),)),
    # captions: "chill optimal" (76:10)
    ("misheard", "are Synopsys and Siemens putting money into AI?", (("77:31", "77:54"),)),
    # captions: "synopsis and semans" (77:47)
    ("misheard", "what did he think of Nous Research?", (("82:05", "82:26"),)),
    # captions: "noose" (82:08)
    ("misheard", "do former Lam Research people work at SemiAnalysis?", (("83:50", "84:04"),)),
    # captions: "lamb research" (83:56), "semi analysis" (83:28)
    # ---------------------------------------------------------------- plain
    ("plain", "what was the goal of the October 2022 regulations?", (("01:38", "02:41"), ("23:00", "23:16"))),
    (
        "plain",
        "what did he say about all those data centers in Malaysia?",
        (("03:31", "04:24"), ("04:41", "05:03"), ("05:20", "05:31"), ("05:39", "06:43")),
    ),
    ("plain", "can you explain the 7% rule to me?", (("05:50", "06:46"),)),
    ("plain", "which loopholes are there for China to still get GPUs?", (("03:04", "03:52"), ("13:21", "14:00"))),
    ("plain", "does test time compute mean training is dead?", (("14:41", "15:25"),)),
    ("plain", "what are the gross margins on inference?", (("17:52", "18:29"),)),
    ("plain", "what happened between G42 and Microsoft?", (("20:12", "21:18"),)),
    ("plain", "will the Trump administration keep the rules, and what about human rights?", (("21:39", "22:13"),)),
    ("plain", "what is Ben Thompson's take on Taiwan?", (("23:46", "24:15"),)),
    ("plain", "how much does it cost to put together 100,000 GPUs?", (("26:41", "27:12"),)),
    ("plain", "what's the story with the appliance factory in Memphis?", (("30:29", "31:45"),)),
    ("plain", "why do some people at the AI labs want natural gas rather than ESG?", (("34:43", "35:49"),)),
    ("plain", "how big will clusters get two years from now?", (("38:35", "39:51"),)),
    ("plain", "tell me what he thinks about rag", (("42:45", "43:01"), ("80:02", "80:16"))),
    ("plain", "would Meta open source the best model in the world?", (("44:26", "45:26"), ("46:50", "47:32"))),
    ("plain", "what does Meta need its GPUs for, is it Instagram?", (("46:23", "46:50"),)),
    ("plain", "should OpenAI make its own chip, what does he think?", (("59:02", "59:54"), ("60:33", "61:33"))),
    ("plain", "what was done with the data centers of the crypto companies?", (("69:11", "70:06"), ("70:26", "71:00"))),
    ("plain", "what was that about a nuclear power plant in Armenia?", (("72:40", "73:04"),)),
    ("plain", "can you tell me about solid state transformers?", (("73:35", "73:50"),)),
    ("plain", "why did Google make a chip for YouTube?", (("79:03", "79:22"),)),
    ("plain", "how much of the spend on a chip goes to verification?", (("79:29", "79:45"),)),
    ("plain", "what does he ask a new model to test it?", (("81:27", "81:57"),)),
    # ---------------------------------------------------------- paraphrased
    ("paraphrased", "why was the interview postponed, did he work through the night?", (("01:05", "01:25"),)),
    ("paraphrased", "are the export restrictions a mistake if AI takes decades?", (("02:44", "03:02"),)),
    (
        "paraphrased",
        "do landlords of rented GPUs have to monitor their tenants' workloads?",
        (("04:09", "04:20"), ("08:13", "08:29"), ("12:52", "13:05")),
    ),
    ("paraphrased", "why do Chinese firms write their own programs rather than subscribing?", (("18:43", "19:22"),)),
    (
        "paraphrased",
        "why can a sudden drop in consumption during training wreck the electricity network?",
        (("32:08", "32:33"), ("32:57", "33:25")),
    ),
    ("paraphrased", "how did Musk's facility avoid overheating?", (("32:32", "32:52"),)),
    ("paraphrased", "where does moving electricity cost more than making it?", (("34:17", "34:37"),)),
    (
        "paraphrased",
        "how could renewables supply a site round the clock despite cloudy, calm days?",
        (("36:48", "37:19"),),
    ),
    ("paraphrased", "how frequently must weights be refreshed during reinforcement learning?", (("50:27", "51:18"),)),
    (
        "paraphrased",
        "why do scientists drop clever algorithms that are slow on today's processors?",
        (("53:39", "54:11"),),
    ),
    (
        "paraphrased",
        "could an in-house processor pay off merely as leverage for a rebate from Nvidia?",
        (("60:36", "61:20"),),
    ),
    ("paraphrased", "when does a fresh accelerator fetch the highest rent?", (("67:25", "67:39"),)),
    ("paraphrased", "will plumbers and builders keep their jobs?", (("80:34", "80:45"),)),
    ("paraphrased", "will the gap between rich and poor widen because of AI?", (("80:25", "80:57"),)),
    (
        "paraphrased",
        "which startups does he admire, the ones whose founders stuck with an idea for ages?",
        (("82:49", "83:21"),),
    ),
    ("paraphrased", "on which account does he post funny stuff?", (("84:06", "84:28"),)),
    # --------------------------------------------------------------- phrase
    ("phrase", 'what happens to the "mini cloud ecosystem"?', (("07:52", "08:51"),)),
    # runs over a border: "the mini" (07:56) / "Cloud ecosystem" (07:58)
    ("phrase", 'what was the "wild west" before?', (("09:38", "10:02"),)),
    ("phrase", 'what can they do with a "huge compute deficiency"?', (("14:33", "14:56"), ("16:19", "16:34"))),
    # runs over a border: "a huge" (14:36) / "compute deficiency" (14:38)
    ("phrase", 'who talked about the "arsenal of democracy"?', (("22:01", "22:25"),)),
    # runs over a border: "arsenal of" (22:13) / "democracy" (22:15)
    ("phrase", 'what is not a "snap of the finger"?', (("26:12", "26:32"),)),
    ("phrase", 'what is the "chicken and the egg" trouble for chip startups?', (("54:16", "55:00"),)),
    ("phrase", 'what did he call a "force multiplier"?', (("78:01", "78:12"), ("79:19", "79:32"))),
)

# Names that the captions misheard, and where: each is said in the two seconds from there on.
NAMES = {
    "CoreWeave": "7:46 8:30 65:34 66:35 71:27 8:55 68:41 69:11",
    "hegemony": "0:00 2:31 7:03 7:07",
    "Satya Nadella": "0:10 7:20",
    "ByteDance": "3:28 12:05 12:08 12:17 13:07 13:12",
    "Trainium": "25:42 25:45 28:34 54:57 56:23 57:06 57:08 57:21 58:37 58:44 61:03",
    "Klarna": "19:32",
    "SaaS": "19:00 19:06 19:29 19:58 42:31 75:27 75:35",
    "Vernova": "34:08",
    "SWE-bench": "47:55",
    "Cerebras": "52:19",
    "SambaNova": "52:19",
    "Tenstorrent": "52:22",
    "MatX": "52:31 56:09",
    "coopetition": "60:13",
    "vLLM": "62:43",
    "TensorRT": "62:45",
    "Databricks": "63:08 63:33 63:42 64:37",
    "Chinchilla": "76:10",
    "Synopsys": "77:47",
    "Siemens": "77:47",
    "Nous Research": "82:08",
    "Lam Research": "83:56",
    "SemiAnalysis": "0:18 83:28",
    "Blackwell": "38:26 55:28 68:27",
}

UNANSWERABLE = (
    "How did medieval monks illuminate parchment manuscripts?",
    "Which violin concertos did Tchaikovsky compose?",
    "What did they say about measles vaccines for toddlers?",
    "How do glaciers carve fjords?",
    "Can you tell me how to knit a woollen scarf?",
    "When should roses be pruned in autumn?",
    "How do penguins survive the Antarctic winter?",
    "What did he say about Shakespeare's sonnets?",
)
