package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.AddressedLogGroup;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Type information of {@link AddressedLogGroup}: an atomic type with its own serializer, no key, no Kryo. */
@PublicEvolving
public final class AddressedLogGroupTypeInfo extends TypeInformation<AddressedLogGroup> {

    private static final long serialVersionUID = 1L;

    /** The shared instance. */
    public static final AddressedLogGroupTypeInfo INSTANCE = new AddressedLogGroupTypeInfo();

    private AddressedLogGroupTypeInfo() {}

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<AddressedLogGroup> getTypeClass() {
        return AddressedLogGroup.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<AddressedLogGroup> createSerializer(SerializerConfig config) {
        return new AddressedLogGroupSerializer();
    }

    /** Called by Flink 1.x only. Flink 2.x no longer has the method, so it overrides nothing there. */
    public TypeSerializer<AddressedLogGroup> createSerializer(ExecutionConfig config) {
        return new AddressedLogGroupSerializer();
    }

    @Override
    public String toString() {
        return "AddressedLogGroup";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AddressedLogGroupTypeInfo;
    }

    @Override
    public int hashCode() {
        return AddressedLogGroupTypeInfo.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof AddressedLogGroupTypeInfo;
    }
}
