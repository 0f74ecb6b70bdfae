package io.slsdispatch.e2e.deployment;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/** Reads the files of {@code conf/kubernetes}, and what they are checked by. */
final class Manifests {

    /** Reads objects of Kubernetes and refuses what their classes have no property for. */
    static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new WithoutPlaceForTheUnknown())
            .build();

    private static final Path FOLDER = Path.of("..", "conf", "kubernetes");
    private static final YAMLMapper YAML = new YAMLMapper();

    private Manifests() {}

    static JsonNode read(String file) throws IOException {
        return YAML.readTree(FOLDER.resolve(file).toFile());
    }

    /** The name of the object in a file. */
    static String nameOf(String file) throws IOException {
        return read(file).path("metadata").path("name").asText();
    }

    /** The schema that comes with the operator. Kubernetes drops silently what it does not know; this one refuses it. */
    static Schema flinkDeploymentSchema() throws IOException {
        String file = "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";
        try (InputStream in = Objects.requireNonNull(Manifests.class.getResourceAsStream(file), file)) {
            ObjectNode schema = (ObjectNode) YAML.readTree(in)
                    .path("spec")
                    .path("versions")
                    .path(0)
                    .path("schema")
                    .path("openAPIV3Schema");
            ObjectNode properties = (ObjectNode) schema.path("properties");
            // Of every object of Kubernetes, and not in the schemas of its kinds.
            properties.putObject("apiVersion").put("const", "flink.apache.org/v1beta1");
            properties.putObject("kind").put("const", "FlinkDeployment");
            properties.putObject("metadata").put("type", "object");
            close(schema);
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema);
        }
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")
                && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            object.put("additionalProperties", false);
        }
        schema.forEach(Manifests::close);
    }

    private static final class WithoutPlaceForTheUnknown extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated property) {
            return false;
        }
    }
}
