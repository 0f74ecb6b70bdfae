package io.slsdispatch.e2e.flinklts;

import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * What a class names anywhere in its file.
 *
 * @param classes other classes
 * @param members methods and fields, each by the class that is asked for it, which may inherit it
 */
record References(Set<String> classes, Set<Use> members) {

    record Use(String owner, Member member) implements Comparable<Use> {

        @Override
        public int compareTo(Use other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return owner + "." + member;
        }
    }

    static References of(ClassReader file) {
        Asked asked = new Asked();
        file.accept(new ClassRemapper(new ClassWriter(0), asked), ClassReader.SKIP_DEBUG);
        return new References(asked.classes, asked.members);
    }

    /** Is asked for the new name of whatever a class refers to, gives the old one, and remembers. */
    private static final class Asked extends Remapper {

        private final Set<String> classes = new TreeSet<>();
        private final Set<Use> members = new TreeSet<>();

        Asked() {
            super(Opcodes.ASM9);
        }

        @Override
        public String map(String internalName) {
            classes.add(internalName);
            return internalName;
        }

        @Override
        public String mapMethodName(String owner, String name, String descriptor) {
            members.add(new Use(owner, new Member(name, descriptor)));
            return name;
        }

        @Override
        public String mapFieldName(String owner, String name, String descriptor) {
            members.add(new Use(owner, new Member(name, descriptor)));
            return name;
        }
    }
}
