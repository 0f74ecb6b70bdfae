package io.slsdispatch.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** {@code docs/dependencies.md} against the Maven files and against the notice of the jar. */
class DependenciesTest {

    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of(
            "pom.xml", "connector-sls/pom.xml", "job/pom.xml", "src-test/sls-local/pom.xml", "src-test/pom.xml");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([^:`]+):([^`]+)` \\| (\\S+) \\| ([^|]+) \\| ([^|]+) \\|$");
    private static final Pattern NOTICED = Pattern.compile("(?m)^- ([^:\\s]+):([^:\\s]+):(\\S+)$");
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^}]+)}");

    /** A library, by group and artifact; the artifact may end with an asterisk. */
    private record Library(String group, String artifact) {

        boolean covers(Library other) {
            return group.equals(other.group)
                    && (artifact.endsWith("*")
                            ? other.artifact.startsWith(artifact.substring(0, artifact.length() - 1))
                            : artifact.equals(other.artifact));
        }
    }

    private static Element parent;
    private static String page;
    private static Map<Library, String> documented;

    @BeforeAll
    static void read() throws Exception {
        parent = pom("pom.xml");
        page = Files.readString(ROOT.resolve("docs/dependencies.md"));
        documented = new LinkedHashMap<>();
        ROW.matcher(page)
                .results()
                .forEach(row -> documented.put(new Library(row.group(1), row.group(2)), row.group(3)));
    }

    @Test
    void everyDirectDependencyIsOnThePageWithItsVersion() throws Exception {
        Map<Library, String> managed = managedVersions();
        Set<String> wrong = new TreeSet<>();
        int count = 0;
        for (String module : MODULES) {
            for (Element dependency : children(child(pom(module), "dependencies"), "dependency")) {
                Library library = library(dependency);
                if (!isOurs(library)) {
                    count++;
                    String version = versionOf(library, managed);
                    if (!version.equals(versionOnThePage(library))) {
                        wrong.add(library + " has version " + version + " in Maven, and on the page "
                                + versionOnThePage(library));
                    }
                }
            }
        }
        assertThat(count).isGreaterThan(40);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyLibraryInTheJarIsOnThePageWithItsVersion() throws IOException {
        String notice = Files.readString(ROOT.resolve("job/src/main/resources/META-INF/NOTICE"));

        assertThat(NOTICED.matcher(notice).results()).hasSizeGreaterThan(20).allSatisfy(entry -> assertThat(
                        versionOnThePage(new Library(entry.group(1), entry.group(2))))
                .as(entry.group())
                .isEqualTo(entry.group(3)));
    }

    @Test
    void pageHasNothingThatIsNotUsed() throws Exception {
        List<Library> used = new ArrayList<>(managedVersions().keySet());
        NOTICED.matcher(Files.readString(ROOT.resolve("job/src/main/resources/META-INF/NOTICE")))
                .results()
                .forEach(entry -> used.add(new Library(entry.group(1), entry.group(2))));
        for (String module : MODULES) {
            for (Element dependency : children(child(pom(module), "dependencies"), "dependency")) {
                used.add(library(dependency));
            }
        }

        assertThat(documented.keySet())
                .hasSizeGreaterThan(30)
                .allSatisfy(row -> assertThat(used).as(row.toString()).anyMatch(row::covers));
    }

    private static String versionOnThePage(Library library) {
        return documented.entrySet().stream()
                .filter(row -> row.getKey().covers(library))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("is missing");
    }

    /** The versions of the parent, of which some are those of a whole family of libraries. */
    private static Map<Library, String> managedVersions() {
        Map<Library, String> versions = new LinkedHashMap<>();
        Element management = child(child(parent, "dependencyManagement"), "dependencies");
        for (Element dependency : children(management, "dependency")) {
            if (!isOurs(library(dependency))) {
                versions.put(library(dependency), resolved(text(dependency, "version")));
            }
        }
        return versions;
    }

    private static String versionOf(Library library, Map<Library, String> managed) {
        String own = managed.get(library);
        if (own != null) {
            return own;
        }
        return managed.entrySet().stream()
                .filter(bom -> bom.getKey().artifact().endsWith("-bom"))
                .filter(bom -> (library.group() + ".").startsWith(bom.getKey().group() + "."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no version of " + library));
    }

    private static String resolved(String value) {
        Matcher property = PROPERTY.matcher(value);
        return property.matches() ? text(child(parent, "properties"), property.group(1)) : value;
    }

    private static boolean isOurs(Library library) {
        return library.group().equals("io.slsdispatch");
    }

    private static Library library(Element dependency) {
        return new Library(text(dependency, "groupId"), text(dependency, "artifactId"));
    }

    private static Element pom(String file) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve(file).toFile());
        return document.getDocumentElement();
    }

    private static String text(Element element, String name) {
        return child(element, name).getTextContent().strip();
    }

    private static Element child(Element element, String name) {
        List<Element> found = children(element, name);
        assertThat(found).as(name + " in " + element.getTagName()).hasSize(1);
        return found.get(0);
    }

    private static List<Element> children(Element element, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = element.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            Node node = nodes.item(i);
            if (node instanceof Element each && each.getTagName().equals(name)) {
                found.add(each);
            }
        }
        return found;
    }
}
