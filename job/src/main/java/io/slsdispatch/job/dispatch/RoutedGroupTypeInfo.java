package io.slsdispatch.job.dispatch;

import io.slsdispatch.connector.record.AtomicTypeInfo;
import io.slsdispatch.connector.record.ImmutableTypeSerializer;
import io.slsdispatch.connector.record.RawLogGroupSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** Type information of {@link RoutedGroup}: an atomic type with its own serializer, no key, no Kryo. */
public final class RoutedGroupTypeInfo extends AtomicTypeInfo<RoutedGroup> {

    private static final long serialVersionUID = 1L;

    /** The shared instance. */
    public static final RoutedGroupTypeInfo INSTANCE = new RoutedGroupTypeInfo();

    private RoutedGroupTypeInfo() {
        super(RoutedGroup.class);
    }

    @Override
    protected TypeSerializer<RoutedGroup> newSerializer() {
        return new Serializer();
    }

    /**
     * Serializer of {@link RoutedGroup}: the target (modified UTF-8, as {@code DataOutput.writeUTF}), and the group as
     * {@link RawLogGroupSerializer} writes it. Used only when dispatcher and blocks are not chained. No checkpoint contains
     * this form: also unaligned ones keep no data in flight of connections between two subtasks of the same number.
     */
    private static final class Serializer extends ImmutableTypeSerializer<RoutedGroup> {

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
        public TypeSerializer<RoutedGroup> duplicate() {
            return new Serializer();
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
