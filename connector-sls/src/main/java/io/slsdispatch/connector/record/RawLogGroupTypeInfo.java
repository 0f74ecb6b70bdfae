package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.RawLogGroup;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Type information of {@link RawLogGroup}: an atomic type with its own serializer, no key, no Kryo. */
@PublicEvolving
public final class RawLogGroupTypeInfo extends AtomicTypeInfo<RawLogGroup> {

    private static final long serialVersionUID = 1L;

    /** The shared instance. */
    public static final RawLogGroupTypeInfo INSTANCE = new RawLogGroupTypeInfo();

    private RawLogGroupTypeInfo() {
        super(RawLogGroup.class);
    }

    @Override
    protected TypeSerializer<RawLogGroup> newSerializer() {
        return new RawLogGroupSerializer();
    }
}
