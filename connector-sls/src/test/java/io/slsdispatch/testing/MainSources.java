package io.slsdispatch.testing;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The main sources of one module, as the JDK's compiler parses them. */
final class MainSources {

    private static final Pattern LINK = Pattern.compile("(?:\\{@link(?:plain)?|@see)\\s+([A-Z]\\w*)");

    private MainSources() {}

    /**
     * A file.
     *
     * @param name of its class, without the package
     * @param names all simple names that its code uses, and those that its Javadoc links to
     */
    record Source(Path file, String inPackage, String name, int lines, List<Method> methods, Set<String> names) {}

    /** @param lines from the first of its declaration, after the Javadoc, to its closing brace */
    record Method(String name, int lines) {}

    /** All files below a folder; those of packages and modules have no methods. */
    static List<Source> read(Path root) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
                Stream<Path> all = Files.walk(root)) {
            List<Path> files = all.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            Trees trees = Trees.instance(task);
            List<Source> sources = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                sources.add(source(unit, trees));
            }
            return sources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source source(CompilationUnitTree unit, Trees trees) throws IOException {
        Path file = Path.of(unit.getSourceFile().toUri());
        Scanner scanner = new Scanner(unit, trees);
        scanner.scan(unit, null);
        String name = file.getFileName().toString().replace(".java", "");
        scanner.names.remove(name);
        return new Source(
                file,
                String.valueOf(unit.getPackageName()),
                name,
                Files.readAllLines(file).size(),
                scanner.methods,
                scanner.names);
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final Trees trees;
        private final List<Method> methods = new ArrayList<>();
        private final Set<String> names = new LinkedHashSet<>();

        Scanner(CompilationUnitTree unit, Trees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            SourcePositions positions = trees.getSourcePositions();
            long start = positions.getStartPosition(unit, method);
            long end = positions.getEndPosition(unit, method);
            // The constructor that the compiler adds has no end.
            if (end >= 0) {
                long lines =
                        unit.getLineMap().getLineNumber(end) - unit.getLineMap().getLineNumber(start) + 1;
                methods.add(new Method(method.getName().toString(), (int) lines));
            }
            link();
            return super.visitMethod(method, null);
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            link();
            return super.visitClass(tree, null);
        }

        @Override
        public Void visitVariable(VariableTree tree, Void unused) {
            link();
            return super.visitVariable(tree, null);
        }

        @Override
        public Void visitIdentifier(IdentifierTree identifier, Void unused) {
            names.add(identifier.getName().toString());
            return super.visitIdentifier(identifier, null);
        }

        private void link() {
            String comment = trees.getDocComment(getCurrentPath());
            if (comment != null) {
                LINK.matcher(comment).results().map(link -> link.group(1)).forEach(names::add);
            }
        }
    }
}
