package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.model.RawLogGroup;
import org.apache.flink.runtime.operators.coordination.OperatorEventGateway;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.jspecify.annotations.Nullable;

/** Factory of the dispatcher of a job whose rules do not change. */
public class DispatchOperatorFactory extends AbstractStreamOperatorFactory<Void>
        implements OneInputStreamOperatorFactory<RawLogGroup, Void> {

    private static final long serialVersionUID = 1L;

    private final DispatchConfig config;

    public DispatchOperatorFactory(DispatchConfig config) {
        this.config = config;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // required by the interface: T is the operator created here
    public <T extends StreamOperator<Void>> T createStreamOperator(StreamOperatorParameters<Void> parameters) {
        return (T) create(parameters, null);
    }

    final DispatchOperator create(
            StreamOperatorParameters<Void> parameters, @Nullable OperatorEventGateway coordinator) {
        return new DispatchOperator(config, parameters, coordinator);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return DispatchOperator.class;
    }
}
