"""The verbs with which a task begins, in their base form. A word that is not here begins no task.

What says that nothing is done ("refuse", "avoid", "fail"), what happens to somebody ("be", "have", "receive", "lose")
and what somebody only thinks ("want", "hope", "fear") is not here.
"""

_VERBS = """
    accept accompany acquire act activate adapt add address adjust administer adopt advertise advise alert align
    allocate amend analyse analyze annotate announce answer append apply appoint approach approve archive arrange
    ask assemble assess assign assist attach attend audit authorise authorize automate backfill backport backup
    balance batch begin benchmark bill bind block book boot bootstrap brief bring broadcast budget build bump bundle
    buy bypass cache calculate calibrate call canary cap capture carry categorise categorize certify chair change
    charge chart chase check choose circulate clarify classify clean cleanse clear clone close coach code
    collaborate collate collect combine comment commission commit communicate compact compare compile complete
    compose compress compute conclude conduct configure confirm connect consider consolidate construct consult
    contact contain continue contract contribute control convene convert coordinate copy correct correlate count
    cover craft create curate customise customize cut debug decide declare decommission decouple deduplicate deepen
    defer define delegate delete deliver demo demonstrate deploy deprecate derive describe design detach detect
    determine develop devise diagnose diff digitise digitize direct disable disclose disconnect discover discuss
    dispatch display dispose distribute dive divide do document double downgrade download draft drain draw drill
    drive drop dump duplicate edit educate elaborate elicit eliminate email embed enable encapsulate encode
    encourage encrypt enforce engage enhance enlarge enrich enrol enroll ensure enter enumerate equip erase escalate
    establish estimate evaluate examine execute exercise expand expire explain explore export expose extend extract
    facilitate factor fetch file fill filter finalise finalize finance find finish fix flag flash flatten flush
    follow forecast formalise formalize format formulate forward foster free freeze fund gather generate give govern
    grant group grow guarantee guard guide halve handle harden harmonise harmonize hash help hire hold host identify
    illustrate implement import improve include incorporate increase index inform initialise initialize initiate
    inject insert inspect install instruct instrument integrate interview introduce inventory investigate invite
    invoice involve isolate issue iterate join judge justify keep label launch lay lead learn leverage liaise lift
    limit link list listen load localise localize locate lock log look lower mail maintain make manage map mark
    market measure meet mend mentor merge message migrate minimise minimize mirror mitigate mock model moderate
    modernise modernize modify monitor motivate mount move name negotiate normalise normalize note notify number
    observe obtain offer onboard open operate optimise optimize order organise organize outline overhaul oversee own
    pack package page pair parallelise parallelize parse partition patch pause pay perform permit persist phone pick
    pilot pin ping place plan plot poll populate port post postpone practice practise prepare present preserve
    preview price print prioritise prioritize probe process procure produce profile program project promote propose
    protect prototype prove provide provision prune publish pull purchase purge push put qualify quantify query
    queue quote raise rank rate reach reassign rebalance rebase reboot rebuild recalculate recheck recommend
    recompute reconcile reconfigure record recover recreate recruit redact redeploy redesign redirect redo reduce
    reevaluate refactor refer refine reformat refresh refund regenerate register rehearse reimport reindex reinstall
    reissue relabel relate relaunch release reload relocate remediate remind remove rename renegotiate renew reopen
    reorder reorganise reorganize repair repeat rephrase replace replan replay replicate reply report reproduce
    request requeue rerun rescan reschedule research reserve reset reshape resize resolve respond restart restore
    restrict restructure resume retain retest rethink retire retrain retrieve retry return reuse revamp revert
    review revise revisit revoke rewire rewrite roll rotate route run sample sanitise sanitize save scale scan
    schedule scope screen script scrub seal search secure seed segment select send separate serve set settle setup
    shadow shape share shift ship shorten show shrink shut sign simplify simulate sketch snapshot solicit solve sort
    source specify speed split sponsor spread stabilise stabilize stage standardise standardize start state store
    streamline strengthen structure study submit subscribe summarise summarize supervise supply support survey
    suspend swap switch sync synchronise synchronize tackle tag tailor take talk target teach tear tell terminate
    test throttle tidy tighten time toggle trace track train transcribe transfer transform translate transmit treat
    triage trigger trim troubleshoot truncate try tune turn unblock uncover undertake undo unify uninstall unlock
    unpack unsubscribe update upgrade upload use vacuum validate verify version vet visit visualise visualize vote
    walk warm warn watch weigh whitelist widen wipe wire wrap write zip
"""

VERBS = frozenset(_VERBS.split())

_PREFIXES = "back code cross de double dry end hot live load over post pre re smoke spot stress time"
_BEFORE = frozenset(_PREFIXES.split())
"""What may stand before a verb with a hyphen: "re-run", "double-check"."""


def is_task_verb(word: str) -> bool:
    """Whether a word begins a task."""
    before, hyphen, verb = word.lower().partition("-")
    return verb in VERBS and before in _BEFORE if hyphen else before in VERBS
