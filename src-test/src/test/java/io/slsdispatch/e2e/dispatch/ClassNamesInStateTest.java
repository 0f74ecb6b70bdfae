package io.slsdispatch.e2e.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.record.RawLogGroupSerializer;
import io.slsdispatch.job.config.JobConfig;
import io.slsdispatch.job.topology.DistributionTopology;
import io.slsdispatch.job.topology.SlsConnectors;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Flink writes the names of classes into state: those of the snapshots of serializers. A savepoint can be restored as long
 * as each of them is where it was, so the list of them is frozen in {@code savepoints/class-names.txt}.
 */
@OnMiniCluster
class ClassNamesInStateTest {

    private static final String LIST = "/savepoints/class-names.txt";
    private static final String ROUTES = """
            routes:
              - {topic: {prefix: key-}, to: one}
            default-route: drop
            """;
    private static final String OURS = "io.slsdispatch.";
    private static final ClassLoader LOADER = ClassNamesInStateTest.class.getClassLoader();

    @TempDir
    private Path folder;

    @Test
    void aClassThatSavepointsNameStaysWhereItIs() throws IOException {
        for (String name : frozen()) {
            assertThat(isSnapshotThatFlinkCanMake(name)).as("""
                            %s is named in savepoints of earlier builds. It must keep its name and package, implement \
                            TypeSerializerSnapshot and have a public constructor without parameters; otherwise no such \
                            savepoint can be restored.""", name).isTrue();
        }
        assertThat(frozen()).anyMatch(name -> name.startsWith(OURS));
    }

    @Test
    void savepointsOfTheFirstBuildNameNoOtherClasses() throws Exception {
        Path savepoint = Files.createDirectories(folder.resolve("first-build"));
        try (InputStream from = resource("/savepoints/first-build/_metadata")) {
            Files.copy(from, savepoint.resolve("_metadata"));
        }

        assertThat(frozen()).containsAll(namesIn(savepoint));
    }

    @Test
    void savepointsOfThisBuildNameNoOtherClasses() throws Exception {
        try (Rig rig = new Rig(folder, 2, "one")) {
            Path savepoint;
            try (RunningJob job = RunningJob.start(rig.config("", ROUTES), 2)) {
                rig.writeToAll("some", 10, "key-a", "key-b");
                job.awaitWhileRunning("everything at its target", any -> assertThat(rig.entries("one"))
                        .hasSize(20));
                savepoint = Path.of(URI.create(job.stopWithSavepoint(folder)));
            }

            assertThat(namesIn(savepoint))
                    .as("a class whose name is new in savepoints: add it to %s, and never move it again", LIST)
                    .isNotEmpty()
                    .isSubsetOf(frozen());
        }
    }

    /** Also those that Flink does not write today, but would if an operator kept state under its key, or records. */
    @Test
    void serializersOfTheJobNameNoOtherClasses() throws Exception {
        try (Rig rig = new Rig(folder, 2, "one")) {
            JobConfig config = rig.config("", ROUTES);
            StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(new Configuration());
            new DistributionTopology(config, new SlsConnectors()).addTo(env);
            Set<String> names = new TreeSet<>(namesOf(new RawLogGroupSerializer()));
            for (TypeSerializer<?> serializer : serializers(env.getStreamGraph())) {
                names.addAll(namesOf(serializer));
            }

            assertThat(names)
                    .as("a class whose name may come into savepoints: add it to %s, and never move it again", LIST)
                    .isSubsetOf(frozen());
            assertThat(names).anyMatch(name -> name.startsWith(OURS));
        }
    }

    private static List<TypeSerializer<?>> serializers(StreamGraph graph) {
        List<TypeSerializer<?>> serializers = new ArrayList<>();
        graph.getStreamNodes().forEach(node -> {
            serializers.addAll(Arrays.asList(node.getTypeSerializersIn()));
            serializers.add(node.getTypeSerializerOut());
            serializers.add(node.getStateKeySerializer());
            node.getOutEdges().stream()
                    .filter(edge -> edge.getOutputTag() != null)
                    .forEach(edge -> serializers.add(edge.getOutputTag()
                            .getTypeInfo()
                            .createSerializer(graph.getExecutionConfig().getSerializerConfig())));
        });
        return serializers.stream().filter(Objects::nonNull).toList();
    }

    private static Set<String> namesOf(TypeSerializer<?> serializer) throws IOException {
        Set<String> names = new TreeSet<>();
        DataOutputView out = recorded(
                DataOutputView.class, new DataOutputViewStreamWrapper(new ByteArrayOutputStream()), "writeUTF", names);
        try {
            TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        } catch (UnsupportedOperationException notForState) {
            // Flink's own for what goes from a writer to a committer, which is never kept.
            return Set.of();
        }
        return names;
    }

    /** All class names that Flink reads when it restores a savepoint. */
    private static Set<String> namesIn(Path savepoint) throws Exception {
        Set<String> names = new TreeSet<>();
        try (DataInputStream in = new DataInputStream(Files.newInputStream(savepoint.resolve("_metadata")))) {
            for (var operator : Checkpoints.loadCheckpointMetadata(in, LOADER, savepoint.toString())
                    .getOperatorStates()) {
                for (OperatorSubtaskState subtask : operator.getStates()) {
                    collect(subtask, names);
                }
            }
        }
        return names;
    }

    private static void collect(OperatorSubtaskState subtask, Set<String> names) throws IOException {
        for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
            try (InputStream in = handle.openInputStream()) {
                new OperatorBackendSerializationProxy(LOADER).read(recorded(in, names));
            }
        }
        for (KeyedStateHandle handle : subtask.getManagedKeyedState()) {
            assertThat(handle).isInstanceOf(KeyGroupsStateHandle.class);
            try (InputStream in = ((KeyGroupsStateHandle) handle).openInputStream()) {
                new KeyedBackendSerializationProxy<>(LOADER).read(recorded(in, names));
            }
        }
        assertThat(subtask.getRawKeyedState())
                .as("raw state, whose form nobody but its operator knows")
                .isEmpty();
        assertThat(subtask.getRawOperatorState())
                .as("raw state, whose form nobody but its operator knows")
                .isEmpty();
    }

    private static DataInputView recorded(InputStream in, Set<String> names) {
        return recorded(DataInputView.class, new DataInputViewStreamWrapper(in), "readUTF", names);
    }

    /** A view that notes the names of classes among the texts that one of its methods is given or answers. */
    private static <V> V recorded(Class<V> type, V view, String method, Set<String> names) {
        return type.cast(Proxy.newProxyInstance(LOADER, new Class<?>[] {type}, (proxy, called, arguments) -> {
            Object result = invoke(called, view, arguments);
            if (called.getName().equals(method)) {
                String text = (String) (arguments == null ? result : arguments[0]);
                if (text.contains(".") && isClass(text)) {
                    names.add(text);
                }
            }
            return result;
        }));
    }

    private static Object invoke(Method method, Object view, Object[] arguments) throws Throwable {
        try {
            return method.invoke(view, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static boolean isClass(String name) {
        try {
            Class.forName(name, false, LOADER);
            return true;
        } catch (ClassNotFoundException noClass) {
            return false;
        }
    }

    private static boolean isSnapshotThatFlinkCanMake(String name) {
        try {
            Class<?> type = Class.forName(name, false, LOADER);
            return TypeSerializerSnapshot.class.isAssignableFrom(type) && type.getConstructor() != null;
        } catch (ClassNotFoundException | NoSuchMethodException missing) {
            return false;
        }
    }

    private static Set<String> frozen() throws IOException {
        try (InputStream in = resource(LIST)) {
            Set<String> names = new TreeSet<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(names::add);
            return names;
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ClassNamesInStateTest.class.getResourceAsStream(name), name);
    }
}
