package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.ByteSlice;
import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.record.RawLogGroupTypeInfo;
import io.slsdispatch.connector.wire.LogGroupScanner;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.rules.Decision;
import io.slsdispatch.job.rules.Decision.RuleTarget;
import io.slsdispatch.job.rules.RuleMatcher;
import io.slsdispatch.job.rules.RuleTable;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

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
    private final List<OutputTag<RawLogGroup>> tags;
    private final DispatchMetrics metrics;
    private final DispatchMetrics.Count[] dispatched;

    GroupDispatcher(RuleTable rules, DispatchMetrics metrics) {
        this.matcher = new RuleMatcher(rules);
        this.metrics = metrics;
        List<RuleTarget> targets = matcher.targets();
        this.tags = targets.stream().map(target -> outputOf(target.target())).toList();
        this.dispatched = metrics.dispatched(targets);
    }

    /** The side output of the target with this name. Its id is the name, never the index of the target. */
    public static OutputTag<RawLogGroup> outputOf(String target) {
        return new OutputTag<>(target, RawLogGroupTypeInfo.INSTANCE);
    }

    void dispatch(StreamRecord<RawLogGroup> element, Output<?> output) throws NoTargetException {
        RawLogGroup group = element.getValue();
        List<RuleTarget> targets = decide(group).targets();
        metrics.received(targets.size());
        for (RuleTarget target : targets) {
            output.collect(tags.get(target.index()), element);
            dispatched[target.index()].add(group);
        }
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
