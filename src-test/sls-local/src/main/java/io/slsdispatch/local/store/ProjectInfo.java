package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A project.
 *
 * @param name its name, which is the first label of the host that serves it
 * @param description description given by its owner
 * @param createdSecond unix seconds
 * @param modifiedSecond unix seconds; 0, as in files of earlier builds, counts as created
 * @param attributes other settings as CreateProject and UpdateProject give them, which are stored and returned
 */
public record ProjectInfo(
        String name, String description, long createdSecond, long modifiedSecond, Map<String, Object> attributes) {

    private static final Pattern NAME = Pattern.compile("[0-9a-z][0-9a-z-]{1,61}[0-9a-z]");
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String NAME_KEY = "projectName";
    private static final String DESCRIPTION = "description";

    /** Any longer one is refused, see {@link #checkDescription}. */
    private static final int MAX_DESCRIPTION = 512;

    /** What official SDKs read beyond what was set. {@code ProjectFunctionTest} of the Java SDK expects 400 shards. */
    private static final Map<String, Object> DEFAULTS = Map.of(
            "status", "Normal",
            "owner", "",
            "region", "local",
            "location", "local",
            "resourceGroupId", "",
            "dataRedundancyType", "LRS",
            "recycleBinEnabled", false);

    private static final Map<String, Object> QUOTA = Map.of("shard", 400);

    // The parameter is null in files of earlier builds.
    public ProjectInfo(
            String name,
            String description,
            long createdSecond,
            long modifiedSecond,
            @Nullable Map<String, Object> attributes) {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    ErrorCode.PARAMETER_INVALID,
                    "project name '" + name + "' is not 3 to 63 of a-z, 0-9 and - with a letter or digit at each end");
        }
        this.name = name;
        this.description = description;
        this.createdSecond = createdSecond;
        this.modifiedSecond = modifiedSecond == 0 ? createdSecond : modifiedSecond;
        this.attributes = Map.copyOf(Objects.requireNonNullElse(attributes, Map.of()));
    }

    /**
     * A project in a request.
     *
     * @param settings as the request gives them, with or without description
     */
    static ProjectInfo requested(String name, Map<String, Object> settings, long second) {
        return new ProjectInfo(name, "", second, second, Map.of()).updatedWith(settings, second);
    }

    /**
     * The project with other settings. Without a setting at all the description is removed: {@code ProjectFunctionTest}
     * of the Java SDK updates a project with no description and expects an empty one.
     */
    ProjectInfo updatedWith(Map<String, Object> settings, long second) {
        Map<String, Object> merged = new LinkedHashMap<>(attributes);
        merged.putAll(settings);
        merged.remove(NAME_KEY);
        merged.remove(DESCRIPTION);
        Object described = settings.getOrDefault(DESCRIPTION, settings.isEmpty() ? "" : description);
        return new ProjectInfo(name, checkDescription(described), createdSecond, second, merged);
    }

    /** Length and message are those of {@code ProjectFunctionTest#testUpdateProject} of the Java SDK. */
    private static String checkDescription(Object description) {
        if (description instanceof String text && text.length() <= MAX_DESCRIPTION) {
            return text;
        }
        throw new Refusal(ErrorCode.PARAMETER_INVALID, "Invalid project description: '" + description + "'");
    }

    /**
     * The response to GetProject, and an element of the response to ListProject.
     *
     * @param withQuota whether the quota is shown, as GetProject does, and ListProject if {@code fetchQuota} is set
     */
    public Map<String, Object> toJson(boolean withQuota) {
        Map<String, Object> json = new LinkedHashMap<>(DEFAULTS);
        json.putAll(attributes);
        json.put(NAME_KEY, name);
        json.put(DESCRIPTION, description);
        json.put("createTime", time(createdSecond));
        json.put("lastModifyTime", time(modifiedSecond));
        if (withQuota) {
            json.put("quota", QUOTA);
        }
        return json;
    }

    private static String time(long second) {
        return TIME.format(Instant.ofEpochSecond(second).atZone(ZONE));
    }
}
