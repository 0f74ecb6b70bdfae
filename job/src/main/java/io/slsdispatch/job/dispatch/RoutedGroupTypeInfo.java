package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.record.RawLogGroupSerializer;
import java.io.IOException;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Type information of {@link RoutedGroup}: an atomic type with its own serializer, no key, no Kryo. */
public final class RoutedGroupTypeInfo extends TypeInformation<RoutedGroup> {

    private static final long serialVersionUID = 1L;

    /** The shared instance. */
    public static final RoutedGroupTypeInfo INSTANCE = new RoutedGroupTypeInfo();

    private RoutedGroupTypeInfo() {}

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
    public Class<RoutedGroup> getTypeClass() {
        return RoutedGroup.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<RoutedGroup> createSerializer(SerializerConfig config) {
        return new Serializer();
    }

    /** Called by Flink 1.x only. Flink 2.x no longer has the method, so it overrides nothing there. */
    public TypeSerializer<RoutedGroup> createSerializer(ExecutionConfig config) {
        return new Serializer();
    }

    @Override
    public String toString() {
        return "RoutedGroup";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RoutedGroupTypeInfo;
    }

    @Override
    public int hashCode() {
        return RoutedGroupTypeInfo.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof RoutedGroupTypeInfo;
    }

    /**
     * Serializer of {@link RoutedGroup}: the target (modified UTF-8, as {@code DataOutput.writeUTF}), and the group as
     * {@link RawLogGroupSerializer} writes it. Used only when dispatcher and blocks are not chained. No checkpoint contains
     * this form: also unaligned ones keep no data in flight of connections between two subtasks of the same number.
     */
    private static final class Serializer extends TypeSerializer<RoutedGroup> {

        private static final long serialVersionUID = 1L;

        private final RawLogGroupSerializer groups = new RawLogGroupSerializer();

        @Override
        public void serialize(RoutedGroup routed, DataOutputView out) throws IOException {
            out.writeUTF(routed.target());
            groups.serialize(routed.group(), out);
        }

        @Override
        public RoutedGroup deserialize(DataInputView in) throws IOException {
            return new RoutedGroup(in.readUTF(), groups.deserialize(in));
        }

        @Override
        public RoutedGroup deserialize(RoutedGroup reuse, DataInputView in) throws IOException {
            return deserialize(in);
        }

        @Override
        public void copy(DataInputView in, DataOutputView out) throws IOException {
            serialize(deserialize(in), out);
        }

        @Override
        public boolean isImmutableType() {
            return true;
        }

        @Override
        public TypeSerializer<RoutedGroup> duplicate() {
            return new Serializer();
        }

        @Override
        @SuppressWarnings("NullAway") // Flink: serializers of types that cannot be reused return null
        public RoutedGroup createInstance() {
            return null;
        }

        @Override
        public RoutedGroup copy(RoutedGroup from) {
            return from;
        }

        @Override
        public RoutedGroup copy(RoutedGroup from, RoutedGroup reuse) {
            return from;
        }

        @Override
        public int getLength() {
            return -1;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Serializer;
        }

        @Override
        public int hashCode() {
            return Serializer.class.hashCode();
        }

        @Override
        public TypeSerializerSnapshot<RoutedGroup> snapshotConfiguration() {
            return new Snapshot();
        }

        /** Snapshot of the serializer; Flink would create it by the public constructor, but no state has it. */
        public static final class Snapshot extends SimpleTypeSerializerSnapshot<RoutedGroup> {

            public Snapshot() {
                super(Serializer::new);
            }
        }
    }
}
