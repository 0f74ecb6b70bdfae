package io.slsdispatch.connector.record;

import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.jspecify.annotations.Nullable;

/** Type information of an atomic type with its own serializer: no key, no fields, no Kryo. Subclasses have one instance. */
@Internal
public abstract class AtomicTypeInfo<T> extends TypeInformation<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    protected AtomicTypeInfo(Class<T> type) {
        this.type = type;
    }

    /** Creates a serializer; each belongs to one thread. */
    protected abstract TypeSerializer<T> newSerializer();

    @Override
    public final TypeSerializer<T> createSerializer(SerializerConfig config) {
        return newSerializer();
    }

    /** Called by Flink 1.x only. Flink 2.x no longer has the method, so it overrides nothing there. */
    public final TypeSerializer<T> createSerializer(ExecutionConfig config) {
        return newSerializer();
    }

    @Override
    public final Class<T> getTypeClass() {
        return type;
    }

    @Override
    public final boolean isBasicType() {
        return false;
    }

    @Override
    public final boolean isTupleType() {
        return false;
    }

    @Override
    public final int getArity() {
        return 1;
    }

    @Override
    public final int getTotalFields() {
        return 1;
    }

    @Override
    public final boolean isKeyType() {
        return false;
    }

    @Override
    public final String toString() {
        return type.getSimpleName();
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof AtomicTypeInfo<?> info && info.type == type;
    }

    @Override
    public final int hashCode() {
        return type.hashCode();
    }

    @Override
    public final boolean canEqual(Object other) {
        return other instanceof AtomicTypeInfo<?>;
    }
}
