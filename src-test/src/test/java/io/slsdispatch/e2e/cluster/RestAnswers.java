package io.slsdispatch.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.runtime.rest.HttpMethodWrapper;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.webmonitor.handlers.JarListHeaders;

/**
 * Everything that Flink's REST interface answers to a browser: each address that Flink declares for GET, called for each
 * job, vertex, subtask, TaskManager, checkpoint and log file that there is.
 */
public final class RestAnswers {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DECLARATION = Pattern.compile("org/apache/flink/runtime/[^$]+Headers[.]class");

    /** For YARN, whose proxy lets only GET through: they end the job. */
    private static final Pattern CHANGES_SOMETHING = Pattern.compile("/yarn-(cancel|stop)$");

    private static final Pattern PARAMETER = Pattern.compile(":([a-z]+)");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI root;
    private final Map<String, String> answers = new TreeMap<>();

    private RestAnswers(URI root) {
        this.root = root;
    }

    /** Calls them all, and gives what each answered, by path. */
    public static Map<String, String> of(FlinkCluster cluster) throws Exception {
        RestAnswers all = new RestAnswers(cluster.restAddress());
        List<Map<String, String>> subjects = all.subjects();
        for (String address : declared()) {
            for (Map<String, String> subject : subjects) {
                all.call(address, subject);
            }
        }
        return all.answers;
    }

    /** The addresses that Flink declares for GET, as in {@code /jobs/:jobid}. */
    private static Set<String> declared() throws Exception {
        Set<String> addresses = new TreeSet<>();
        for (Class<?> ofJar : List.of(RestHandlerSpecification.class, JarListHeaders.class)) {
            String jar =
                    ofJar.getProtectionDomain().getCodeSource().getLocation().getPath();
            try (JarFile file = new JarFile(jar)) {
                for (JarEntry entry : file.stream().toList()) {
                    if (DECLARATION.matcher(entry.getName()).matches()) {
                        instance(entry.getName().replace(".class", "").replace('/', '.'))
                                .filter(declared -> declared.getHttpMethod() == HttpMethodWrapper.GET)
                                .map(RestHandlerSpecification::getTargetRestEndpointURL)
                                .filter(address ->
                                        !CHANGES_SOMETHING.matcher(address).find())
                                .ifPresent(addresses::add);
                    }
                }
            }
        }
        return addresses;
    }

    /** The one instance of a class, if it has one: others are parents of such. */
    private static Optional<RestHandlerSpecification> instance(String name) throws ReflectiveOperationException {
        for (Method method : Class.forName(name).getMethods()) {
            if (method.getName().equals("getInstance") && method.getParameterCount() == 0) {
                return Optional.of((RestHandlerSpecification) method.invoke(null));
            }
        }
        for (Field field : Class.forName(name).getFields()) {
            if (field.getName().equals("INSTANCE")) {
                return Optional.of((RestHandlerSpecification) field.get(null));
            }
        }
        return Optional.empty();
    }

    /** What the parameters of addresses stand for, one map for each combination that there is. */
    private List<Map<String, String>> subjects() throws Exception {
        List<Map<String, String>> subjects = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            String id = job.path("jid").asText();
            for (JsonNode vertex : get("/jobs/" + id).path("vertices")) {
                subjects.add(Map.of(
                        "jobid", id, "vertexid", vertex.path("id").asText(), "subtaskindex", "0", "attempt", "0"));
            }
            for (JsonNode checkpoint : get("/jobs/" + id + "/checkpoints").path("history")) {
                for (JsonNode vertex : get("/jobs/" + id).path("vertices")) {
                    subjects.add(Map.of(
                            "jobid", id,
                            "checkpointid", checkpoint.path("id").asText(),
                            "vertexid", vertex.path("id").asText()));
                }
            }
        }
        for (JsonNode application : get("/applications/overview").path("applications")) {
            subjects.add(Map.of("applicationid", application.path("id").asText()));
        }
        for (JsonNode log : get("/jobmanager/logs").path("logs")) {
            subjects.add(Map.of("filename", log.path("name").asText()));
        }
        for (JsonNode taskManager : get("/taskmanagers").path("taskmanagers")) {
            String id = taskManager.path("id").asText();
            for (JsonNode log : get("/taskmanagers/" + id + "/logs").path("logs")) {
                subjects.add(
                        Map.of("taskmanagerid", id, "filename", log.path("name").asText()));
            }
        }
        return subjects;
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(answer(path));
    }

    private void call(String address, Map<String, String> subject) throws Exception {
        StringBuilder path = new StringBuilder();
        Matcher parameters = PARAMETER.matcher(address);
        while (parameters.find()) {
            String value = subject.get(parameters.group(1));
            if (value == null) {
                return;
            }
            parameters.appendReplacement(path, Matcher.quoteReplacement(value));
        }
        parameters.appendTail(path);
        answer(path.toString());
    }

    private String answer(String path) throws IOException, InterruptedException {
        String known = answers.get(path);
        if (known != null) {
            return known;
        }
        HttpResponse<byte[]> response = http.send(
                HttpRequest.newBuilder(root.resolve(path)).timeout(LIMIT).build(), BodyHandlers.ofByteArray());
        String answer = new String(response.body(), StandardCharsets.ISO_8859_1);
        answers.put(path, answer);
        return answer;
    }
}
