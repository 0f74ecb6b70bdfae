package io.slsdispatch.e2e.flinklts;

import static org.assertj.core.api.Assertions.assertThat;

import io.slsdispatch.connector.source.SlsSource;
import io.slsdispatch.e2e.flinklts.newest.NewestOnly;
import io.slsdispatch.job.Main;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The jar is compiled against the newest Flink and also runs on the long-term support line, as long as it uses only what
 * both have. This looks at the class files as the JVM of such a cluster would; {@code -Pflink-lts} runs them there.
 */
class FlinkCompatibilityTest {

    /** Abstract on the LTS line, gone since. The runtime of that line calls {@code createWriter(WriterInitContext)}. */
    private static final String SINK_OF_OLD = "org/apache/flink/api/connector/sink2/Sink.createWriter"
            + "(Lorg/apache/flink/api/connector/sink2/Sink$InitContext;)"
            + "Lorg/apache/flink/api/connector/sink2/SinkWriter;";

    private static FlinkCompatibility product;
    private static FlinkCompatibility newestOnly;

    @BeforeAll
    static void readClasses() throws Exception {
        List<Path> newest = flinkOnTheClassPath();
        List<Path> lts;
        try (Stream<Path> jars = Files.list(Path.of("target", "flink-lts", "api"))) {
            lts = jars.toList();
        }
        product = new FlinkCompatibility(List.of(placeOf(SlsSource.class), placeOf(Main.class)), newest, lts);
        newestOnly = new FlinkCompatibility(List.of(folderOf(NewestOnly.class)), newest, lts);
    }

    @Test
    void productNamesOnlyClassesThatTheLtsLineHas() {
        assertThat(product.missingClasses()).isEmpty();
    }

    @Test
    void productUsesOnlyMethodsAndFieldsThatTheLtsLineHas() {
        assertThat(product.missingMembers()).isEmpty();
    }

    @Test
    void productHasEveryMethodThatTheLtsLineDemands() {
        assertThat(product.missingBodies(SINK_OF_OLD::equals)).isEmpty();
    }

    @Test
    void productReliesOnNoMethodThatOnlyTheNewestFlinkCalls() {
        assertThat(product.neverCalled()).isEmpty();
    }

    @Test
    void aClassForTheNewestFlinkOnlyIsFoundOut() {
        String name = NewestOnly.class.getName().replace('.', '/');

        assertThat(newestOnly.missingClasses())
                .containsExactly("org/apache/flink/connector/base/sink/writer/RequestBuffer");
        assertThat(newestOnly.missingMembers())
                .containsExactly(
                        "org/apache/flink/api/connector/source/ReaderInfo.getReportedSplitsOnRegistration()"
                                + "Ljava/util/List;",
                        "org/apache/flink/connector/base/sink/writer/RequestBuffer.size()I");
        assertThat(newestOnly.missingBodies(method -> false)).containsExactly(name + " lacks " + SINK_OF_OLD);
        assertThat(newestOnly.neverCalled())
                .containsExactly(name + ".open(Lorg/apache/flink/api/connector/sink2/WriterInitContext;)V");
    }

    private static List<Path> flinkOnTheClassPath() {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(System.getProperty("java.class.path"))
                .map(Path::of)
                .filter(path -> path.getFileName().toString().matches("flink-.*[.]jar"))
                .toList();
    }

    private static Path placeOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path folderOf(Class<?> type) throws URISyntaxException, IOException {
        return placeOf(type).resolve(type.getPackageName().replace('.', '/'));
    }
}
