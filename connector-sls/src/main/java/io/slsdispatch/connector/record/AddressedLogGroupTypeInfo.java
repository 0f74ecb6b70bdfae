package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.AddressedLogGroup;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Type information of {@link AddressedLogGroup}: an atomic type with its own serializer, no key, no Kryo. */
@PublicEvolving
public final class AddressedLogGroupTypeInfo extends AtomicTypeInfo<AddressedLogGroup> {

    private static final long serialVersionUID = 1L;

    /** The shared instance. */
    public static final AddressedLogGroupTypeInfo INSTANCE = new AddressedLogGroupTypeInfo();

    private AddressedLogGroupTypeInfo() {
        super(AddressedLogGroup.class);
    }

    @Override
    protected TypeSerializer<AddressedLogGroup> newSerializer() {
        return new AddressedLogGroupSerializer();
    }
}
