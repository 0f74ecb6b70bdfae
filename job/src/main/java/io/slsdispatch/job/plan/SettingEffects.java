package io.slsdispatch.job.plan;

import io.slsdispatch.connector.config.ExpiredCursorPolicy;
import io.slsdispatch.connector.config.SinkConfig.DeadLetterStore.OnRefusal;
import io.slsdispatch.connector.config.SinkConfig.OnOutage;
import io.slsdispatch.connector.config.SinkConfig.OnReject;
import io.slsdispatch.connector.wire.Compression;
import io.slsdispatch.job.config.options.ConnectionOptions;
import io.slsdispatch.job.config.options.JobOptions;
import io.slsdispatch.job.config.options.SourceOptions;
import io.slsdispatch.job.config.options.SourceOptions.Start;
import io.slsdispatch.job.config.options.SourceOptions.Stop;
import io.slsdispatch.job.config.options.TargetOptions;
import io.slsdispatch.job.config.options.TemplateOptions;
import io.slsdispatch.job.plan.Effect.Kind;
import io.slsdispatch.job.rules.RuleOptions;
import io.slsdispatch.job.yaml.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Effects on data that a changed setting can have: what it newly allows, or makes more likely. */
final class SettingEffects {

    /**
     * A changed value.
     *
     * @param after the value of each option of the section after the change
     */
    private record Values(@Nullable Object before, @Nullable Object after, Map<Option<?>, Object> section) {

        boolean isNow(Object value) {
            return value.equals(after);
        }

        boolean isShorter() {
            return compare() > 0;
        }

        boolean isLonger() {
            return compare() < 0;
        }

        /** Negative when the value before is smaller; no duration means without limit. */
        private int compare() {
            return amount(before).compareTo(amount(after));
        }

        private static Long amount(@Nullable Object value) {
            if (value instanceof Optional<?> optional) {
                return amount(optional.orElse(null));
            }
            long unlimited = Long.MAX_VALUE;
            return value instanceof Duration duration
                    ? duration.toMillis()
                    : value instanceof Number number ? number.longValue() : unlimited;
        }
    }

    private record Case(Kind kind, Predicate<Values> condition, String text) {}

    private static final String SLOWER = "throughput can be lower";
    private static final String FAILS_SOONER = "the job fails sooner while the service does not answer as expected";

    private final Map<Option<?>, List<Case>> cases = new HashMap<>();

    SettingEffects() {
        addReading();
        addSpeed();
        addStart();
        addWriting();
        addRejects();
        addDeadLetters();
        addOutages();
        addTemplates();
        addOthers();
    }

    /**
     * The effects of a change.
     *
     * @param subject the setting, for the effects
     * @param section the value of each option of the section after the change
     */
    List<Effect> of(
            Option<?> option,
            @Nullable Object before,
            @Nullable Object after,
            Map<Option<?>, Object> section,
            String subject) {
        Values values = new Values(before, after, section);
        return cases.getOrDefault(option, List.of()).stream()
                .filter(each -> each.condition.test(values))
                .map(each -> new Effect(each.kind, subject, each.text))
                .sorted(Effect.worstFirst())
                .toList();
    }

    private void addReading() {
        on(
                SourceOptions.ON_EXPIRED_CURSOR,
                Kind.LOSE,
                values -> values.isNow(ExpiredCursorPolicy.LATEST),
                "when unread groups expire, all groups up to the newest one are skipped, including those that the"
                        + " source still holds");
        on(
                SourceOptions.ON_EXPIRED_CURSOR,
                Kind.LOSE,
                values -> values.isNow(ExpiredCursorPolicy.EARLIEST),
                "groups that expired unread are skipped and counted, and the job does not stop");
        on(
                SourceOptions.ON_EXPIRED_CURSOR,
                Kind.DELAY,
                values -> values.isNow(ExpiredCursorPolicy.FAIL),
                "the job stops when unread groups have expired");
        on(
                SourceOptions.DISCOVERY_LISTING_MARGIN,
                Kind.LOSE,
                Values::isShorter,
                "a run with a stop can end before a list of shards shows a new shard");
        on(
                SourceOptions.DISCOVERY_SETTLE_TIME,
                Kind.LOSE,
                Values::isShorter,
                "writes that arrive late in a shard after its split or merge are missed");
        on(
                SourceOptions.ORDERED,
                Kind.REORDER,
                values -> values.isNow(false),
                "after a split or merge, groups of one hash key can arrive in another order");
        on(
                SourceOptions.ORDERED,
                Kind.DELAY,
                values -> values.isNow(true),
                "children of a split or merge wait for their parents");
    }

    private void addSpeed() {
        on(
                SourceOptions.DISCOVERY_INTERVAL,
                Kind.DELAY,
                Values::isLonger,
                "the children of a split or merge are found later");
        for (Option<?> less : List.of(
                SourceOptions.PULL_MAX_BUFFERED,
                SourceOptions.PULL_MAX_CONCURRENT,
                SourceOptions.PULL_MAX_GROUPS,
                TargetOptions.MAX_IN_FLIGHT_REQUESTS,
                TargetOptions.MAX_BUFFERED,
                ConnectionOptions.MAX_CONCURRENT_REQUESTS)) {
            on(less, Kind.DELAY, Values::isShorter, SLOWER);
        }
        for (Option<?> pause : List.of(SourceOptions.PULL_IDLE_POLL_FLOOR, SourceOptions.PULL_IDLE_POLL_CEILING)) {
            on(pause, Kind.DELAY, Values::isLonger, "new groups of an idle shard are read later");
        }
        for (Option<?> backoff : List.of(SourceOptions.RETRY_INITIAL_BACKOFF, SourceOptions.RETRY_MAX_BACKOFF)) {
            on(backoff, Kind.DELAY, Values::isLonger, "after a failed read, the next attempt is later");
        }
        for (Option<?> limit : List.of(
                SourceOptions.RETRY_GRACE,
                SourceOptions.RETRY_MAX_MALFORMED,
                SourceOptions.DISCOVERY_FAILURE_AGE_LIMIT)) {
            on(limit, Kind.DELAY, Values::isShorter, FAILS_SOONER);
        }
    }

    private void addStart() {
        String skipped = "without a savepoint, groups before the new start are not read";
        String again = "without a savepoint, groups after the new start are read again";
        on(SourceOptions.START, Kind.LOSE, values -> !isStart(values.after, Start.Kind.BEGIN), skipped);
        on(SourceOptions.START, Kind.REPEAT, values -> !isStart(values.after, Start.Kind.END), again);
        for (Option<?> group : List.of(SourceOptions.START_GROUP, SourceOptions.START_FALLBACK)) {
            on(group, Kind.LOSE, SettingEffects::startsAtGroup, skipped);
            on(group, Kind.REPEAT, SettingEffects::startsAtGroup, again);
        }
        on(
                SourceOptions.CONSUMER_GROUP,
                Kind.REPEAT,
                values -> startsAtGroup(values) && !values.section.containsKey(SourceOptions.START_GROUP),
                "without a savepoint, reading starts at the position of the new group, which has none at first");
        on(
                SourceOptions.STOP,
                Kind.DELAY,
                values -> values.after instanceof Stop stop && (stop.now() || stop.time() != null),
                "the job ends at the stop; later groups stay in the source until another run reads them");
        on(
                JobOptions.TIME_ZONE,
                Kind.LOSE,
                values -> true,
                "times without a zone in 'start' and 'stop' become other times");
    }

    private void addWriting() {
        on(
                TargetOptions.CUT_CATEGORY,
                Kind.LOSE,
                values -> values.isNow(true),
                "the field Category is removed from each group");
        on(
                TargetOptions.DISTINCT_LOGSTORE,
                Kind.REPEAT,
                values -> values.isNow(true),
                "if the target is the source after all, the job reads its own output endlessly");
        on(
                TargetOptions.ORDERED,
                Kind.REORDER,
                values -> values.isNow(false),
                "groups of one source shard and topic can arrive in another order");
        on(TargetOptions.ORDERED, Kind.DELAY, values -> values.isNow(true), SLOWER);
        on(TargetOptions.BATCHING, Kind.DELAY, values -> values.isNow(false), SLOWER);
        on(SourceOptions.COMPRESSION, Kind.DELAY, values -> values.isNow(Compression.ZSTD), SLOWER);
        on(TargetOptions.COMPRESSION, Kind.DELAY, values -> values.isNow(Compression.ZSTD), SLOWER);
        on(TargetOptions.COMPRESSION_LEVEL, Kind.DELAY, Values::isLonger, SLOWER);
        for (Option<?> backoff : List.of(TargetOptions.RETRY_INITIAL_BACKOFF, TargetOptions.RETRY_MAX_BACKOFF)) {
            on(backoff, Kind.DELAY, Values::isLonger, "after a failed write, the next attempt is later");
        }
        for (Option<?> limit : List.of(TargetOptions.RETRY_GIVE_UP_AFTER, TargetOptions.RETRY_GRACE)) {
            on(limit, Kind.DELAY, Values::isShorter, FAILS_SOONER);
        }
        on(
                ConnectionOptions.REQUEST_TIMEOUT,
                Kind.REPEAT,
                Values::isShorter,
                "a write that takes longer counts as failed and is sent again");
    }

    private void addRejects() {
        on(
                TargetOptions.ON_REJECT,
                Kind.LOSE,
                values -> values.isNow(OnReject.DROP),
                "groups that the target rejects are dropped");
        on(
                TargetOptions.ON_REJECT,
                Kind.DELAY,
                values -> values.isNow(OnReject.DEAD_LETTER),
                "groups that the target rejects wait in the dead-letter logstore");
        on(
                TargetOptions.ON_REJECT,
                Kind.DELAY,
                values -> values.isNow(OnReject.FAIL),
                "the job stops at a group that the target rejects");
        on(
                TargetOptions.RETRY_CODES_ABOUT_GROUP,
                Kind.LOSE,
                values -> OnReject.DROP.equals(values.section.get(TargetOptions.ON_REJECT)),
                "groups with these error codes are dropped at once");
        on(
                TargetOptions.RETRY_CODES_ABOUT_GROUP,
                Kind.DELAY,
                values -> !OnReject.DROP.equals(values.section.get(TargetOptions.ON_REJECT)),
                "groups with these error codes count as rejected at once, and 'on-reject' decides");
        on(
                TargetOptions.RETRY_CODES_ABOUT_REQUEST,
                Kind.DELAY,
                values -> true,
                "groups with these error codes are retried for 'retry.grace'; then the job fails");
    }

    private void addDeadLetters() {
        on(
                TargetOptions.DEAD_LETTER_ON_REFUSAL,
                Kind.LOSE,
                values -> values.isNow(OnRefusal.DROP),
                "dead letters that their logstore rejects are dropped");
        on(
                TargetOptions.DEAD_LETTER_ON_REFUSAL,
                Kind.DELAY,
                values -> values.isNow(OnRefusal.FAIL),
                "the job stops at a dead letter that its logstore rejects");
        for (Option<?> store : List.of(TargetOptions.DEAD_LETTER_PROJECT, TargetOptions.DEAD_LETTER_LOGSTORE)) {
            on(
                    store,
                    Kind.DELAY,
                    values -> values.before != null,
                    "dead letters in the old logstore stay there; send them with 'redrive --from'");
        }
    }

    private void addOutages() {
        on(
                TargetOptions.ON_OUTAGE,
                Kind.LOSE,
                values -> values.isNow(OnOutage.DROP),
                "groups are dropped while the target accepts nothing");
        on(
                TargetOptions.ON_OUTAGE,
                Kind.REPEAT,
                values -> values.isNow(OnOutage.DEAD_LETTER),
                "groups that are in flight when an outage begins can be both in the target and in the dead letters");
        on(
                TargetOptions.ON_OUTAGE,
                Kind.DELAY,
                values -> values.isNow(OnOutage.DEAD_LETTER),
                "groups wait in the dead-letter logstore while the target accepts nothing");
        on(
                TargetOptions.ON_OUTAGE,
                Kind.DELAY,
                values -> values.isNow(OnOutage.BLOCK),
                "while the target accepts nothing, all targets wait");
        on(
                TargetOptions.OUTAGE_AFTER,
                Kind.LOSE,
                values -> values.isShorter() && outage(values, OnOutage.DROP),
                "groups are dropped sooner while the target accepts nothing");
        on(
                TargetOptions.OUTAGE_AFTER,
                Kind.DELAY,
                values -> values.isShorter() && outage(values, OnOutage.DEAD_LETTER),
                "groups go to the dead letters sooner");
        on(
                TargetOptions.OUTAGE_AFTER,
                Kind.DELAY,
                values -> values.isLonger() && !outage(values, OnOutage.BLOCK),
                "all targets wait longer for a target that accepts nothing");
    }

    private void addTemplates() {
        for (Option<String> way : List.of(
                TemplateOptions.WHEN_MISSING, TemplateOptions.CREATE_ON_FAILURE, TemplateOptions.WHEN_INVALID)) {
            String which = way == TemplateOptions.WHEN_INVALID
                    ? "groups without a valid logstore"
                    : "groups whose logstore does not exist";
            on(way, Kind.LOSE, values -> values.isNow(RuleOptions.DROP), which + " are dropped");
            on(
                    way,
                    Kind.DELAY,
                    values -> values.isNow(TemplateOptions.DEAD_LETTER),
                    which + " wait in the dead-letter logstore");
            on(way, Kind.DELAY, values -> values.isNow(RuleOptions.FAIL), "the job stops at " + which);
        }
        for (Option<?> limit : List.of(TemplateOptions.ALLOW, TemplateOptions.MAX_LOGSTORES)) {
            on(
                    limit,
                    Kind.LOSE,
                    values -> RuleOptions.DROP.equals(values.section.get(TemplateOptions.WHEN_INVALID))
                            && !(values.before instanceof Number && values.isLonger()),
                    "groups for logstores that are no longer allowed are dropped");
            on(
                    limit,
                    Kind.DELAY,
                    values -> !RuleOptions.DROP.equals(values.section.get(TemplateOptions.WHEN_INVALID))
                            && !(values.before instanceof Number && values.isLonger()),
                    "groups for logstores that are no longer allowed go where 'when-invalid' says");
        }
        on(TemplateOptions.LINGER, Kind.DELAY, Values::isLonger, "groups arrive later");
        on(
                TemplateOptions.RECREATE_AFTER,
                Kind.DELAY,
                Values::isLonger,
                "groups of a deleted logstore go longer where 'create.on-failure' says");
    }

    private void addOthers() {
        on(
                JobOptions.CHECKPOINT_INTERVAL,
                Kind.REPEAT,
                Values::isLonger,
                "after a failure, groups since the last checkpoint are delivered again");
        on(
                JobOptions.CHECKPOINT_TIMEOUT,
                Kind.DELAY,
                Values::isShorter,
                "checkpoints fail sooner, and each writer holds less");
        on(
                JobOptions.LANES,
                Kind.LOSE,
                values -> true,
                "with unaligned checkpoints, groups in flight are lost unless the job restarts from a savepoint");
        on(
                RuleOptions.DEFAULT_ROUTE,
                Kind.LOSE,
                values -> values.isNow(RuleOptions.DROP),
                "groups that no rule matches are dropped");
        for (Option<?> fails : List.of(RuleOptions.DEFAULT_ROUTE, RuleOptions.ON_MALFORMED)) {
            on(fails, Kind.DELAY, values -> values.isNow(RuleOptions.FAIL), "the job stops at the first such group");
        }
    }

    private static boolean isStart(@Nullable Object value, Start.Kind kind) {
        return value instanceof Start start && start.kind() == kind;
    }

    private static boolean startsAtGroup(Values values) {
        return isStart(values.section.get(SourceOptions.START), Start.Kind.GROUP);
    }

    private static boolean outage(Values values, OnOutage policy) {
        return policy.equals(values.section.get(TargetOptions.ON_OUTAGE));
    }

    private void on(Option<?> option, Kind kind, Predicate<Values> condition, String text) {
        cases.computeIfAbsent(option, key -> new ArrayList<>()).add(new Case(kind, condition, text));
    }
}
