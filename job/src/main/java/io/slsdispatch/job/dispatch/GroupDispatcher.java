package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.AddressedLogGroup;
import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.rules.Decision;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import io.slsdispatch.job.rules.RuleMatcher;
import io.slsdispatch.job.rules.RuleTable;
import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Dispatcher of log groups: emits them to the side outputs of their targets by one rule table, and counts them. */
public final class GroupDispatcher {

    private static final int SHOWN_TOPIC_LENGTH = 100;

    /**
     * Thrown for a log group without a target when the configuration says 'fail'. It fails the job before anything is
     * lost.
     */
    static final class NoTargetException extends Exception {

        private static final long serialVersionUID = 1L;

        NoTargetException(String message) {
            super(message);
        }
    }

    private final RuleMatcher matcher;
    private final List<TargetOutput> outputs;
    private final DispatchMetrics metrics;
    private final DispatchMetrics.Count[] dispatched;
    /** At the index of each target by template; null elsewhere. */
    private final @Nullable TemplateOutput[] templates;

    private final boolean hasTemplates;

    private final TargetBlocks blocks;

    /**
     * @param templates the outputs of the targets by template, by their names
     * @param blocks the blocks through which the other targets are reached
     */
    GroupDispatcher(
            RuleTable rules, DispatchMetrics metrics, Map<String, TemplateOutput> templates, TargetBlocks blocks) {
        this.matcher = new RuleMatcher(rules);
        this.metrics = metrics;
        this.blocks = blocks;
        List<RuleTarget> targets = matcher.targets();
        this.outputs =
                targets.stream().map(target -> blocks.output(target.target())).toList();
        this.dispatched = metrics.dispatched(targets);
        this.templates = new @Nullable TemplateOutput[targets.size()];
        targets.forEach(target -> this.templates[target.index()] = templates.get(target.target()));
        this.hasTemplates = targets.stream().anyMatch(target -> templates.containsKey(target.target()));
    }

    /** The side output of the target by template with this name, see {@link #outputOf}. */
    public static OutputTag<AddressedLogGroup> templateOutputOf(String target) {
        return TemplateOutput.tagOf(target);
    }

    /** The side output with the groups of the target with this name. */
    public static OutputTag<RawLogGroup> outputOf(String target) {
        return TargetOutput.tagOf(target);
    }

    void dispatch(StreamRecord<RawLogGroup> element, Output<?> output) throws NoTargetException {
        RawLogGroup group = element.getValue();
        List<RuleTarget> targets = decide(group).targets();
        if (hasTemplates) {
            dispatchByName(targets, element, output);
            return;
        }
        metrics.received(targets.size());
        for (RuleTarget target : targets) {
            outputs.get(target.index()).emit(element, output);
            dispatched[target.index()].add(group);
        }
    }

    /** Emits a group to targets of which some may be by template. Each logstore gets it once. */
    private void dispatchByName(List<RuleTarget> targets, StreamRecord<RawLogGroup> element, Output<?> output)
            throws NoTargetException {
        RawLogGroup group = element.getValue();
        Set<List<@Nullable String>> reached = targets.size() > 1 ? new HashSet<>() : Set.of();
        int sent = 0;
        for (RuleTarget target : targets) {
            TemplateOutput template = templates[target.index()];
            AddressedLogGroup addressed = template == null ? null : template.address(group, target.logstore());
            String to = receiver(target, template, addressed);
            String logstore = addressed == null || !to.equals(target.target()) ? null : addressed.logstore();
            if (targets.size() > 1 && !reached.add(Arrays.asList(to, logstore))) {
                continue;
            }
            sent++;
            if (template == null || addressed == null) {
                outputs.get(target.index()).emit(element, output);
                dispatched[target.index()].add(group);
            } else if (to.equals(target.target())) {
                output.collect(template.tag(), timed(addressed, element));
                dispatched[target.index()].add(group);
            } else {
                blocks.output(to).emit(element, output);
                metrics.dispatched(target.rule(), to).add(group);
            }
        }
        metrics.received(sent);
    }

    private static StreamRecord<AddressedLogGroup> timed(AddressedLogGroup group, StreamRecord<RawLogGroup> element) {
        return element.hasTimestamp() ? new StreamRecord<>(group, element.getTimestamp()) : new StreamRecord<>(group);
    }

    /** The target that receives a group: another one when there is no valid name and 'when-invalid' says so. */
    private static String receiver(
            RuleTarget target, @Nullable TemplateOutput template, @Nullable AddressedLogGroup addressed)
            throws NoTargetException {
        if (template == null || addressed == null || addressed.logstore() != null) {
            return target.target();
        }
        DefaultRule whenInvalid = template.whenInvalid();
        if (whenInvalid instanceof DefaultRule.Fail) {
            throw new NoTargetException("Target '" + target.target() + "' has no logstore for the topic '"
                    + shown(addressed.group().topic()) + "' of " + addressed.group() + ": " + addressed.problem()
                    + ". 'when-invalid' is 'fail'. Name a logstore in a rule, correct 'allow', or set 'when-invalid' to"
                    + " 'dead-letter', 'drop' or a target, and restart from the last checkpoint.");
        }
        return whenInvalid instanceof DefaultRule.To to ? to.target() : target.target();
    }

    private Decision decide(RawLogGroup group) throws NoTargetException {
        Decision decision;
        try {
            if (group.isMalformed()) {
                return malformed(group, problem(group));
            }
            decision = matcher.decide(group);
        } catch (MalformedLogGroupException e) {
            return malformed(group, String.valueOf(e.getMessage()));
        }
        switch (decision.fate()) {
            case DELIVERED -> {}
            case DROPPED -> metrics.dropped(group);
            case UNMATCHED_DELIVERED -> metrics.unmatched(group);
            case UNMATCHED_DROPPED -> {
                metrics.unmatched(group);
                metrics.dropped(group);
            }
            case UNMATCHED_FAILED -> {
                metrics.unmatched(group);
                throw new NoTargetException("No rule matches the topic '" + shown(group.topic()) + "' of "
                        + group + ", and 'default-route' is 'fail'. Add a rule for it, or set 'default-route' to a"
                        + " target or to 'drop', and restart from the last checkpoint.");
            }
        }
        return decision;
    }

    private Decision malformed(RawLogGroup group, String problem) throws NoTargetException {
        metrics.malformed(group);
        Decision decision = matcher.malformed();
        if (decision == null) {
            throw new NoTargetException("The bytes of " + group + " cannot be parsed (" + problem
                    + "), so no rule can be evaluated, and 'dispatch.on-malformed' is 'fail'. Set it to the name of a"
                    + " target that receives such groups unchanged, and restart from the last checkpoint.");
        }
        return decision;
    }

    /** Why a group counts as malformed. */
    private static String problem(RawLogGroup group) {
        ByteSlice bytes = group.bytes();
        try {
            new LogGroupScanner().topic(bytes.array(), bytes.offset(), bytes.length());
            return "a field that a rule matches is malformed";
        } catch (MalformedLogGroupException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String shown(String topic) {
        return topic.length() <= SHOWN_TOPIC_LENGTH ? topic : topic.substring(0, SHOWN_TOPIC_LENGTH) + "…";
    }
}
