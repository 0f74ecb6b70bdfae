package io.slsdispatch.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slsdispatch.connector.config.CredentialsConfig;
import io.slsdispatch.job.config.ConfigReader;
import io.slsdispatch.job.config.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code conf/kubernetes} against the schemas of Kubernetes and of the operators, and against the other files. */
class KubernetesManifestsTest {

    private static final Path CONF = Path.of("..", "conf");

    /** Of the operator, from its reference of options. */
    private static final Set<String> OPERATOR_OPTIONS = Set.of(
            "kubernetes.operator.job.restart.failed",
            "kubernetes.operator.job.upgrade.last-state-fallback.enabled",
            "kubernetes.operator.periodic.savepoint.interval",
            "kubernetes.operator.savepoint.history.max.age",
            "kubernetes.operator.savepoint.history.max.count",
            "job.autoscaler.enabled",
            "job.autoscaler.scaling.enabled",
            "job.autoscaler.vertex.max-parallelism",
            "job.autoscaler.stabilization.interval",
            "job.autoscaler.metrics.window",
            "job.autoscaler.restart.time",
            "job.autoscaler.catch-up.duration");

    /** What a cluster of the operator has otherwise than one of one's own. */
    private static final Set<String> OTHERWISE =
            Set.of("high-availability.type", "high-availability.storageDir", "metrics.reporter.prom.port");

    private static ObjectNode deployment;
    private static JsonNode spec;
    private static JsonNode container;

    @BeforeAll
    static void readDeployment() throws IOException {
        deployment = (ObjectNode) Manifests.read("flinkdeployment.yaml");
        spec = deployment.path("spec");
        container = spec.path("podTemplate").path("spec").path("containers").path(0);
    }

    @Test
    void flinkDeploymentIsWhatTheOperatorTakes() throws IOException {
        assertThat(Manifests.flinkDeploymentSchema().validate(olderFlink(deployment)))
                .isEmpty();
    }

    @Test
    void aWrongNameOrTypeInTheFlinkDeploymentIsFoundOut() throws IOException {
        ObjectNode wrong = olderFlink(deployment);
        ((ObjectNode) wrong.path("spec").path("job")).put("upgradMode", "savepoint");
        ((ObjectNode) wrong.path("spec").path("podTemplate").path("spec")).put("volumes", "state");

        assertThat(Manifests.flinkDeploymentSchema().validate(wrong))
                .hasSize(2)
                .anyMatch(error -> error.toString().contains("upgradMode"))
                .anyMatch(error -> error.toString().contains("volumes"));
    }

    /** The schema that can be had from Maven Central is of a release that does not know Flink 2. */
    private static ObjectNode olderFlink(ObjectNode deployment) {
        ObjectNode older = deployment.deepCopy();
        ((ObjectNode) older.path("spec")).put("flinkVersion", "v1_20");
        return older;
    }

    @ParameterizedTest
    @CsvSource({
        "configuration.yaml, io.fabric8.kubernetes.api.model.ConfigMap",
        "credentials.yaml, io.fabric8.kubernetes.api.model.Secret",
        "state.yaml, io.fabric8.kubernetes.api.model.PersistentVolumeClaim",
        "service-account.yaml, io.fabric8.kubernetes.api.model.ServiceAccount",
        "network-policy.yaml, io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy",
        "pod-monitor.yaml, io.fabric8.openshift.api.model.monitoring.v1.PodMonitor"
    })
    void everyOtherFileHoldsOnlyWhatItsKindKnows(String file, Class<?> kind) throws IOException {
        JsonNode manifest = Manifests.read(file);

        assertThat(manifest.path("kind").asText()).isEqualTo(kind.getSimpleName());
        assertThatCode(() -> Manifests.STRICT.treeToValue(manifest, kind)).doesNotThrowAnyException();
    }

    @Test
    void whatFlinkIsToldIsKnownToItAndAsInTheFileForClustersOfOnesOwn() {
        Map<String, ConfigOption<?>> known = FlinkOptions.newest();
        Map<String, String> own = GlobalConfiguration.loadConfiguration(
                        CONF.resolve("flink").toString())
                .toMap();
        Map<String, String> options = new TreeMap<>();
        spec.path("flinkConfiguration")
                .properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));

        assertThat(options).hasSizeGreaterThan(30).allSatisfy((key, value) -> {
            if (own.containsKey(key) && !OTHERWISE.contains(key)) {
                assertThat(value).isEqualTo(own.get(key));
            } else if (!OTHERWISE.contains(key)) {
                assertThat(OPERATOR_OPTIONS).contains(key);
            }
            if (known.containsKey(key)) {
                assertThatCode(() -> Configuration.fromMap(options).get(known.get(key)))
                        .doesNotThrowAnyException();
            }
        });
    }

    @Test
    void configurationIsGoodAndItsCredentialsAreInTheSecret(@TempDir Path folder) throws Exception {
        String text = Manifests.read("configuration.yaml")
                .path("data")
                .path("dispatch.yaml")
                .asText();
        Path file = Files.writeString(folder.resolve("dispatch.yaml"), text);

        JobConfig config = ConfigReader.readFile(file, Map.of(), Instant.now());

        JsonNode secret = Manifests.read("credentials.yaml").path("stringData");
        String mountedAt = mountOf("credentials");
        assertThat(config.targets()).hasSize(2);
        assertThat(config.targets())
                .extracting(target -> target.connection().credentials())
                .containsOnly(new CredentialsConfig.File(mountedAt + "/targets.properties"));
        assertThat(config.source().connection().credentials())
                .isEqualTo(new CredentialsConfig.File(mountedAt + "/source.properties"));
        assertThat(secret.has("source.properties")).isTrue();
        assertThat(secret.has("targets.properties")).isTrue();
    }

    @Test
    void serviceAccountIsThatOfTheFlinkDeploymentAndOfTheTrustPolicy() throws IOException {
        JsonNode trust = new ObjectMapper()
                .readTree(CONF.resolve("ram").resolve("trust-rrsa.json").toFile());
        String account = Manifests.nameOf("service-account.yaml");

        assertThat(spec.path("serviceAccount").asText()).isEqualTo(account);
        assertThat(trust.path("Statement")
                        .path(0)
                        .path("Condition")
                        .path("StringEquals")
                        .path("oidc:sub")
                        .asText())
                .isEqualTo("system:serviceaccount:my-namespace:" + account);
        // The name of ack-pod-identity-webhook's documentation.
        assertThat(Manifests.read("service-account.yaml")
                        .path("metadata")
                        .path("annotations")
                        .path("pod-identity.alibabacloud.com/role-name")
                        .asText())
                .isEqualTo("sls-dispatch");
    }

    @Test
    void flinkDeploymentUsesTheOtherFilesUnderTheirNames() throws IOException {
        Map<String, JsonNode> volumes = new TreeMap<>();
        spec.path("podTemplate")
                .path("spec")
                .path("volumes")
                .forEach(volume -> volumes.put(volume.path("name").asText(), volume));

        assertThat(volumes.get("configuration").path("configMap").path("name").asText())
                .isEqualTo(Manifests.nameOf("configuration.yaml"));
        assertThat(volumes.get("credentials").path("secret").path("secretName").asText())
                .isEqualTo(Manifests.nameOf("credentials.yaml"));
        assertThat(volumes.get("state")
                        .path("persistentVolumeClaim")
                        .path("claimName")
                        .asText())
                .isEqualTo(Manifests.nameOf("state.yaml"));
        assertThat(spec.path("job").path("args").path(1).asText())
                .isEqualTo(mountOf("configuration") + "/dispatch.yaml");
        for (String directory : Set.of(
                "execution.checkpointing.dir",
                "execution.checkpointing.savepoint-dir",
                "high-availability.storageDir")) {
            assertThat(spec.path("flinkConfiguration").path(directory).asText())
                    .startsWith("file://" + mountOf("state") + "/");
        }
        assertThat(Manifests.read("pod-monitor.yaml")
                        .path("spec")
                        .path("podMetricsEndpoints")
                        .path(0)
                        .path("port")
                        .asText())
                .isEqualTo(container.path("ports").path(0).path("name").asText());
    }

    @Test
    void imageHoldsTheJarWhereTheFlinkDeploymentLooks() throws IOException {
        String dockerfile = Files.readString(CONF.resolve("docker").resolve("Dockerfile"));
        String jar = spec.path("job").path("jarURI").asText().replaceFirst("^local://", "");

        assertThat(dockerfile).contains("\nCOPY --chown=flink:flink job/target/sls-dispatch.jar " + jar + "\n");
        assertThat(dockerfile).contains("-t " + spec.path("image").asText() + " ");
        assertThat(Files.readAllLines(Path.of("..", ".dockerignore")))
                .as("what goes to the Docker daemon")
                .containsSubsequence("*", "!job/target/sls-dispatch.jar", "!src-test/target/sls-local.jar")
                .filteredOn(line -> line.startsWith("!"))
                .hasSize(2);
    }

    /** What the standard requires is from "Pod Security Standards" in the documentation of Kubernetes. */
    @Test
    void podsFitTheRestrictedPodSecurityStandard() {
        JsonNode pod = spec.path("podTemplate").path("spec");
        JsonNode ofPod = pod.path("securityContext");
        JsonNode ofContainer = container.path("securityContext");

        assertThat(ofPod.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(ofPod.path("runAsUser").asInt()).isPositive();
        assertThat(ofPod.path("seccompProfile").path("type").asText()).isEqualTo("RuntimeDefault");
        assertThat(ofContainer.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(ofContainer.path("privileged").asBoolean()).isFalse();
        assertThat(ofContainer.path("capabilities").path("drop"))
                .extracting(JsonNode::asText)
                .containsExactly("ALL");
        assertThat(ofContainer.path("capabilities").has("add")).isFalse();
        assertThat(pod.path("containers")).hasSize(1);
        for (String ofTheHost : Set.of("hostNetwork", "hostPID", "hostIPC")) {
            assertThat(pod.path(ofTheHost).asBoolean()).as(ofTheHost).isFalse();
        }
        assertThat(pod.path("volumes")).noneMatch(volume -> volume.has("hostPath"));
    }

    @Test
    void onlyWhatFlinkWritesToIsWritable() {
        assertThat(container
                        .path("securityContext")
                        .path("readOnlyRootFilesystem")
                        .asBoolean())
                .isTrue();
        Map<String, Boolean> writable = new TreeMap<>();
        container
                .path("volumeMounts")
                .forEach(mount -> writable.put(
                        mount.path("mountPath").asText(),
                        !mount.path("readOnly").asBoolean()));

        assertThat(writable)
                .isEqualTo(Map.of(
                        "/flink", true,
                        "/opt/flink/log", true,
                        "/tmp", true,
                        "/opt/sls-dispatch/conf", false,
                        "/opt/sls-dispatch/credentials", false));
        // Flink's defaults, which are in /tmp.
        assertThat(spec.path("flinkConfiguration").properties())
                .extracting(Map.Entry::getKey)
                .doesNotContain("io.tmp.dirs", "blob.storage.directory", "process.working-dir", "web.tmpdir");
    }

    @Test
    void filesOfTheSecretCannotBeReadByOthers() {
        JsonNode credentials = JsonNodeFactory.instance.missingNode();
        for (JsonNode volume : spec.path("podTemplate").path("spec").path("volumes")) {
            credentials = volume.path("name").asText().equals("credentials") ? volume : credentials;
        }

        assertThat(credentials.path("secret").path("defaultMode").asInt()).isEqualTo(0440);
        assertThat(spec.path("podTemplate")
                        .path("spec")
                        .path("securityContext")
                        .path("fsGroup")
                        .asInt())
                .as("the group that may read them")
                .isPositive();
    }

    @Test
    void networkPolicyLetsInNobodyElseThanItSays() throws IOException {
        JsonNode policy = Manifests.read("network-policy.yaml").path("spec");
        JsonNode pods = policy.path("podSelector");
        assertThat(pods)
                .isEqualTo(Manifests.read("pod-monitor.yaml").path("spec").path("selector"));
        assertThat(pods.path("matchLabels").path("app").asText())
                .as("the label that Flink gives the pods of a FlinkDeployment")
                .isEqualTo(deployment.path("metadata").path("name").asText());
        assertThat(policy.path("policyTypes")).extracting(JsonNode::asText).containsExactly("Ingress");

        Map<String, String> portsOf = new TreeMap<>();
        for (JsonNode rule : policy.path("ingress")) {
            // An empty list of peers, or of labels, would let in everyone.
            assertThat(rule.path("from")).hasSize(1);
            JsonNode labels = rule.path("from").path(0).path("podSelector").path("matchLabels");
            assertThat(labels.size()).isPositive();
            List<String> ports = new ArrayList<>();
            rule.path("ports").forEach(port -> ports.add(port.path("port").asText()));
            portsOf.put(labels.elements().next().asText(), String.join(",", ports));
        }
        assertThat(portsOf)
                .isEqualTo(Map.of(
                        "sls-dispatch", "",
                        "flink-kubernetes-operator", "8081",
                        "prometheus",
                                container
                                        .path("ports")
                                        .path(0)
                                        .path("containerPort")
                                        .asText()));
    }

    @Test
    void baseOfTheImageIsAnArgumentAndTheFlinkOfTheDeployment() throws IOException {
        List<String> lines = Files.readAllLines(CONF.resolve("docker").resolve("Dockerfile"));
        String flink = spec.path("flinkVersion").asText().substring(1).replace('_', '.');

        assertThat(lines)
                .containsSubsequence("ARG FLINK=" + flink + "-java17", "ARG BASE=flink:${FLINK}", "FROM ${BASE}");
        assertThat(lines).filteredOn(line -> line.startsWith("FROM ")).hasSize(1);
        assertThat(lines).anyMatch(line -> line.contains("--build-arg BASE=flink:" + flink + "-java17@sha256:"));
    }

    private static String mountOf(String volume) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (mount.path("name").asText().equals(volume)) {
                return mount.path("mountPath").asText();
            }
        }
        throw new AssertionError("Nothing mounts " + volume);
    }
}
