package io.slsdispatch.connector.record;

import io.slsdispatch.connector.model.RawLogGroup;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Type information of {@link RawLogGroup}: an atomic type with its own serializer, no key, no Kryo. */
@PublicEvolving
public final class RawLogGroupTypeInfo extends TypeInformation<RawLogGroup> {

    private static final long serialVersionUID = 1L;

    /** The shared instance. */
    public static final RawLogGroupTypeInfo INSTANCE = new RawLogGroupTypeInfo();

    private RawLogGroupTypeInfo() {}

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
    public Class<RawLogGroup> getTypeClass() {
        return RawLogGroup.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<RawLogGroup> createSerializer(SerializerConfig config) {
        return new RawLogGroupSerializer();
    }

    /** Called by Flink 1.x only. Flink 2.x no longer has the method, so it overrides nothing there. */
    public TypeSerializer<RawLogGroup> createSerializer(ExecutionConfig config) {
        return new RawLogGroupSerializer();
    }

    @Override
    public String toString() {
        return "RawLogGroup";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawLogGroupTypeInfo;
    }

    @Override
    public int hashCode() {
        return RawLogGroupTypeInfo.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof RawLogGroupTypeInfo;
    }
}
