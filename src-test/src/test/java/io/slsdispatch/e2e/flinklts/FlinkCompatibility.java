package io.slsdispatch.e2e.flinklts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;

/**
 * Whether classes that were compiled against one Flink would run on an older one. Each question is answered by what is
 * wrong, as text; nothing wrong is an empty set.
 */
final class FlinkCompatibility {

    private static final String FLINK = "org/apache/flink/";

    private final ClassIndex own;
    private final ClassIndex withNewer;
    private final ClassIndex withOlder;
    private final List<References> references = new ArrayList<>();

    /**
     * @param own the jars and folders of the classes in question
     * @param newer the jars of the Flink that they were compiled against
     * @param older the jars of the Flink that they shall run on
     */
    FlinkCompatibility(List<Path> own, List<Path> newer, List<Path> older) {
        this.own = ClassIndex.of(own);
        this.withNewer = ClassIndex.of(newer).with(this.own);
        this.withOlder = ClassIndex.of(older).with(this.own);
        own.forEach(place -> ClassIndex.forEachClass(place, file -> references.add(References.of(file))));
    }

    /** Classes of Flink that are named and do not exist in the older one. */
    Set<String> missingClasses() {
        return references.stream()
                .flatMap(each -> each.classes().stream())
                .filter(name -> name.startsWith(FLINK) && !withOlder.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Methods and fields of Flink that are used and do not exist, with the same types and as open, in the older one. */
    Set<String> missingMembers() {
        return references.stream()
                .flatMap(each -> each.members().stream())
                .filter(use -> isOfFlink(withNewer, use.owner(), use.member()))
                .filter(use -> !exists(withOlder, use) || (isPublic(withNewer, use) && !isPublic(withOlder, use)))
                .map(References.Use::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean exists(ClassIndex index, References.Use use) {
        return index.declaring(use.owner(), use.member()).isPresent();
    }

    private static boolean isPublic(ClassIndex index, References.Use use) {
        return index.declaring(use.owner(), use.member())
                .filter(type -> (type.members().get(use.member()) & Opcodes.ACC_PUBLIC) != 0)
                .isPresent();
    }

    /**
     * Methods that the older Flink demands and a class does not have.
     *
     * @param bearable which of them are known not to be called
     */
    Set<String> missingBodies(Predicate<String> bearable) {
        Set<String> missing = new TreeSet<>();
        for (ClassSummary type : own.all()) {
            if (type.isConcrete()) {
                Set<ClassSummary> lineage = withOlder.lineage(type.name());
                Set<Member> bodies = lineage.stream()
                        .flatMap(parent -> parent.bodies().stream())
                        .collect(Collectors.toSet());
                lineage.stream()
                        .flatMap(parent -> parent.abstractMethods().stream()
                                .filter(method -> !bodies.contains(method))
                                .map(method -> parent.name() + "." + method))
                        .filter(method -> !bearable.test(method))
                        .forEach(method -> missing.add(type.name() + " lacks " + method));
            }
        }
        return missing;
    }

    /** Methods that the newer Flink calls and the older does not know, so that it silently does not call them. */
    Set<String> neverCalled() {
        Set<String> neverCalled = new TreeSet<>();
        for (ClassSummary type : own.all()) {
            type.bodies().stream()
                    .filter(method ->
                            overridesFlink(withNewer, type, method) && !overridesFlink(withOlder, type, method))
                    .forEach(method -> neverCalled.add(type.name() + "." + method));
        }
        return neverCalled;
    }

    private static boolean overridesFlink(ClassIndex index, ClassSummary type, Member method) {
        return type.parents().stream().anyMatch(parent -> isOfFlink(index, parent, method));
    }

    private static boolean isOfFlink(ClassIndex index, String owner, Member member) {
        return index.declaring(owner, member)
                .filter(type -> type.name().startsWith(FLINK))
                .isPresent();
    }
}
