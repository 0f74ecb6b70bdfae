package io.slsdispatch.job.rules;

import io.slsdispatch.connector.model.LogstoreId;
import io.slsdispatch.job.yaml.ConfigNode;
import io.slsdispatch.job.yaml.NamesType;
import io.slsdispatch.job.yaml.Option;
import io.slsdispatch.job.yaml.ScalarTypes;
import io.slsdispatch.job.yaml.ValueType;
import java.util.List;
import java.util.Map;

/** The options of rules: those of a rule set, inside or outside a configuration, and those of one rule. */
public final class RuleOptions {

    /** Value of {@link #DEFAULT_ROUTE} and of a rule's {@code to} that drops groups. */
    public static final String DROP = "drop";

    /** Value of {@link #DEFAULT_ROUTE} and {@link #ON_MALFORMED} that fails the job. */
    public static final String FAIL = "fail";

    public static final Option<ConfigNode> ROUTES = Option.of(
            "routes",
            ValueType.ofNode("a list"),
            "required without rules.from",
            "The rules, in order: the first that matches a log group decides.");

    public static final Option<String> DEFAULT_ROUTE = Option.of(
            "default-route",
            ScalarTypes.ofName("'drop', 'fail', or the name of a target", text -> !text.isEmpty()),
            "required without rules.from",
            "What happens to log groups that no rule matches: 'drop' drops them (counted in unmatchedGroups and"
                    + " droppedGroups), 'fail' stops the job before them, the name of a target sends them there.");

    public static final Option<String> ON_MALFORMED = Option.withDefault(
            "dispatch.on-malformed",
            ScalarTypes.ofName("'fail' or the name of a target", text -> !text.isEmpty() && !text.equals(DROP)),
            FAIL,
            "What happens to a log group whose bytes are not a valid protobuf message, or nested too deep: 'fail'"
                    + " stops the job before it, the name of a target sends it there unchanged. The same applies if only the"
                    + " source or a tag that a rule matches cannot be read.");

    /** All options of a rule set. */
    public static final List<Option<?>> FILE = List.of(ROUTES, DEFAULT_ROUTE, ON_MALFORMED);

    public static final Option<String> NAME = Option.of(
            "name",
            ScalarTypes.ofPattern(
                    "a name: 1 to 63 of A-Z, a-z, 0-9, '_', '.', '-' and space, first a letter or digit",
                    "[A-Za-z0-9][A-Za-z0-9_. -]{0,62}"),
            "'rule N', N its place in the list",
            "Name of the rule in metrics and messages.");

    public static final Option<TextMatch> TOPIC = Option.of(
            "topic",
            new TextMatchType(),
            "any topic",
            "Topic to match, or a list. A log group without a topic has the empty topic ''.");

    public static final Option<TextMatch> SOURCE = Option.of(
            "source", new TextMatchType(), "any source", "Source to match (field Source of the group), or a list.");

    public static final Option<Map<String, TextMatch>> TAGS = Option.of(
            "tags",
            new TextMatchType.Tags(),
            "any tags",
            "Tags to match: a value for each key. All must match; of several tags with one key, one is enough.");

    public static final Option<List<String>> TO = Option.of(
            "to",
            new NamesType(
                    "the name of a target, a list of such names, or 'drop'",
                    "Name it once: a copy goes to each target once."),
            "required",
            "Target, a list of targets that each receive a copy, or 'drop'.");

    public static final Option<String> LOGSTORE = Option.of(
            "logstore",
            ScalarTypes.ofName(
                    "a logstore name: 3 to 63 of a-z, 0-9, '-' and '_', first and last a letter or digit",
                    text -> text.length() > 2 && LogstoreId.isLogstoreName(text)),
            "the name that the template makes",
            "Logstore for these log groups, if 'to' is one target by template: instead of the name that the template"
                    + " makes. The target's 'allow' must permit it.");

    public static final Option<Boolean> CONTINUE = Option.withDefault(
            "continue",
            ScalarTypes.BOOLEAN,
            "false",
            "Whether the rules after this one are evaluated, too. Each target receives a group once.");

    /** All options of one rule. */
    public static final List<Option<?>> RULE = List.of(NAME, TOPIC, SOURCE, TAGS, TO, LOGSTORE, CONTINUE);

    private RuleOptions() {}
}
