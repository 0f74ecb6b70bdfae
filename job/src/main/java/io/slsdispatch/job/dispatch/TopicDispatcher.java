package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import io.slsdispatch.connector.wire.MalformedLogGroupException;
import io.slsdispatch.job.routing.Decision;
import io.slsdispatch.job.routing.Delivery;
import io.slsdispatch.job.routing.RouteTable;
import io.slsdispatch.job.routing.Router;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Hands each log group to the side outputs of its targets (see {@link TargetTags}) and to no main output. Holds no state:
 * what a group's way is depends on the group and the route table only.
 */
public final class TopicDispatcher extends KeyedProcessFunction<Integer, RawLogGroup, Void>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;
    private static final int SHOWN_TOPIC_LENGTH = 100;

    private final RouteTable routes;
    private transient @Nullable Dispatch dispatch;

    public TopicDispatcher(RouteTable routes) {
        this.routes = routes;
    }

    @Override
    public void open(OpenContext context) {
        Router router = new Router(routes);
        List<Delivery> deliveries = router.deliveries();
        dispatch = new Dispatch(
                router,
                deliveries.stream()
                        .map(delivery -> TargetTags.of(delivery.target()))
                        .toList(),
                new DispatchMetrics(getRuntimeContext().getMetricGroup(), deliveries));
    }

    @Override
    public void processElement(RawLogGroup group, Context context, Collector<Void> out)
            throws UnroutableLogGroupException {
        Dispatch opened = dispatch;
        if (opened == null) {
            throw new IllegalStateException("open() comes first");
        }
        List<Delivery> deliveries = opened.decide(group).deliveries();
        opened.metrics.received(deliveries.size());
        for (Delivery delivery : deliveries) {
            context.output(opened.tags.get(delivery.index()), group);
            opened.metrics.dispatched(delivery, group);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        if (dispatch != null) {
            dispatch.metrics.checkBalance();
        }
    }

    /** There is no state. */
    @Override
    public void initializeState(FunctionInitializationContext context) {}

    /** What {@link #open} makes of the route table. */
    private record Dispatch(Router router, List<OutputTag<RawLogGroup>> tags, DispatchMetrics metrics) {

        Decision decide(RawLogGroup group) throws UnroutableLogGroupException {
            Decision decision;
            try {
                decision = router.decide(group);
            } catch (MalformedLogGroupException e) {
                metrics.malformed(group);
                return malformed(group, e);
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
                    throw new UnroutableLogGroupException("No rule matches the topic '" + shown(group.topic()) + "' of "
                            + group + ", and 'default-route' is 'fail'. Add a rule for it, or set 'default-route' to a"
                            + " target or to 'drop', and restart from the last checkpoint.");
                }
            }
            return decision;
        }

        private Decision malformed(RawLogGroup group, MalformedLogGroupException cause)
                throws UnroutableLogGroupException {
            Decision decision = router.malformed();
            if (decision == null) {
                throw new UnroutableLogGroupException(
                        "A rule asks for the source or a tag of " + group + ", which cannot be read ("
                                + cause.getMessage() + "), and 'dispatch.on-malformed' is 'fail'. Set it to the target"
                                + " that takes such groups, and restart from the last checkpoint.",
                        cause);
            }
            return decision;
        }

        private static String shown(String topic) {
            return topic.length() <= SHOWN_TOPIC_LENGTH ? topic : topic.substring(0, SHOWN_TOPIC_LENGTH) + "…";
        }
    }
}
