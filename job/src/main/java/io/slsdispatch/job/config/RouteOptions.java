package io.slsdispatch.job.config;

import io.slsdispatch.job.rules.TextMatch;
import java.util.List;
import java.util.Map;

/** What one rule says. */
final class RouteOptions {

    static final Option<String> NAME = Option.of(
            "name",
            TextValue.ofPattern(
                    "a name: 1 to 63 of A-Z, a-z, 0-9, '_', '.', '-' and space, first a letter or digit",
                    "[A-Za-z0-9][A-Za-z0-9_. -]{0,62}"),
            "'rule N', N its place in the list",
            "What metrics and messages call the rule.");

    static final Option<TextMatch> TOPIC = Option.of(
            "topic",
            new MatchType(),
            "any topic",
            "The topic asked for, or a list of such. A log group without a topic has the empty one, ''.");

    static final Option<TextMatch> SOURCE = Option.of(
            "source",
            new MatchType(),
            "any source",
            "The source asked for (field Source of the group), or a list of such.");

    static final Option<Map<String, TextMatch>> TAGS = Option.of(
            "tags",
            new TagsType(),
            "any tags",
            "The tags asked for: for each key, the value. All must be there; of several tags with one key, one is enough.");

    static final Option<List<String>> TO = Option.of(
            "to", NamesType.TARGETS, "required", "The target, or a list of targets that each get a copy, or 'drop'.");

    static final Option<Boolean> CONTINUE = Option.withDefault(
            "continue",
            TextValue.BOOLEAN,
            "false",
            "Whether the rules after this one are looked at too. A group gets to each target once.");

    static final List<Option<?>> ALL = List.of(NAME, TOPIC, SOURCE, TAGS, TO, CONTINUE);

    private RouteOptions() {}
}
