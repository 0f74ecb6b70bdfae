package io.slsdispatch.job.dispatch;

import io.slsdispatch.job.rules.reload.ReplayProgress;
import io.slsdispatch.job.rules.reload.RulesCoordinator;
import io.slsdispatch.job.rules.reload.RulesProvider;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.runtime.operators.coordination.OperatorEventDispatcher;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Factory of the dispatcher of a job whose rules are reloaded while it runs, and of its {@link RulesCoordinator}. */
public final class ReloadingDispatchOperatorFactory extends DispatchOperatorFactory
        implements CoordinatedOperatorFactory<Void> {

    private static final long serialVersionUID = 1L;

    private final RulesProvider provider;
    private final ReplayProgress progress;

    /**
     * @param provider provider of new rules
     * @param progress progress of the replay after a failure
     */
    public ReloadingDispatchOperatorFactory(DispatchConfig config, RulesProvider provider, ReplayProgress progress) {
        super(config);
        this.provider = provider;
        this.progress = progress;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as in the class above
    public <T extends StreamOperator<Void>> T createStreamOperator(StreamOperatorParameters<Void> parameters) {
        OperatorID id = parameters.getStreamConfig().getOperatorID();
        OperatorEventDispatcher events = parameters.getOperatorEventDispatcher();
        DispatchOperator operator = create(parameters, events.getOperatorEventGateway(id));
        events.registerEventHandler(id, operator);
        return (T) operator;
    }

    @Override
    public OperatorCoordinator.Provider getCoordinatorProvider(String operatorName, OperatorID operatorId) {
        return new CoordinatorProvider(operatorId, provider, progress);
    }

    private record CoordinatorProvider(OperatorID operatorId, RulesProvider provider, ReplayProgress progress)
            implements OperatorCoordinator.Provider {
        @Override
        public OperatorID getOperatorId() {
            return operatorId;
        }

        @Override
        public OperatorCoordinator create(OperatorCoordinator.Context context) {
            return new RulesCoordinator(context, provider, progress);
        }
    }
}
