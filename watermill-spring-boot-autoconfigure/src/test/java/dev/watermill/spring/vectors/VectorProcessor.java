package dev.watermill.spring.vectors;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import dev.watermill.spring.MillsRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The processor that a user would write for a vector: its source is written, compiled and
 * loaded.
 */
final class VectorProcessor {

	private final Vector vector;

	private final String element;

	private final boolean annotated;

	/**
	 * Create a processor.
	 * @param element the type of the elements, as in a source file
	 * @param annotated whether keys stand in annotations
	 */
	VectorProcessor(Vector vector, String element, boolean annotated) {
		this.vector = vector;
		this.element = element;
		this.annotated = annotated;
	}

	/**
	 * Compile the processors of many vectors at once.
	 */
	static ClassLoader compile(Path directory, List<VectorProcessor> processors) throws IOException {
		List<Path> sources = processors.stream()
			.map((processor) -> MillsRunner.write(directory.resolve(processor.className() + ".java"),
					processor.source()))
			.toList();
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
			List<String> options = List.of("-d", directory.toString(), "-classpath",
					System.getProperty("java.class.path"), "-proc:none");
			assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
				.call()).isTrue();
		}
		return new URLClassLoader(new URL[] { directory.toUri().toURL() }, VectorProcessor.class.getClassLoader());
	}

	String className() {
		return "Vector_" + variable(this.vector.name()) + (this.annotated ? "_annotated" : "");
	}

	private String source() {
		// Children before their parents: the order of arguments is free
		List<Vector.Edge> edges = this.vector.edges();
		StringBuilder arguments = new StringBuilder(master());
		for (int i = edges.size() - 1; i >= 0; i--) {
			arguments.append(", ").append(join(edges.get(i)));
		}
		String puts = edges.stream()
			.map((edge) -> "matches.put(\"%s\", pairs(%s));".formatted(edge.child(), variable(edge.child())))
			.collect(Collectors.joining());
		return """
				import dev.watermill.spring.*;
				import java.util.*;
				import tools.jackson.databind.JsonNode;

				@WaterMillProcessor("vector")
				class %s {

					@ToStream("deliveries")
					Map<String, Object> deliver(%s) {
						Map<String, Object> matches = new LinkedHashMap<>();
						%s
						return Map.of("master", %s, "matches", matches);
					}

					private static <P, C> Object pairs(Map<P, List<C>> join) {
						List<Object> pairs = new ArrayList<>();
						join.forEach((parent, children) -> pairs.add(List.of(parent, children)));
						return pairs;
					}

				}
				""".formatted(className(), arguments, puts, variable(this.vector.master()));
	}

	private String master() {
		String window = this.vector.window();
		if (window.isEmpty()) {
			return "@FromStream(\"%s\") %s %s".formatted(this.vector.master(), this.element,
					variable(this.vector.master()));
		}
		String windowBy = this.annotated ? "@WindowBy(" + literal(window) + ") " : "";
		return windowBy + "@FromStream(\"%s\") List<%s> %s".formatted(this.vector.master(), this.element,
				variable(this.vector.master()));
	}

	private String join(Vector.Edge edge) {
		String keys = this.annotated ? ", left = " + literal(edge.left()) + ", right = " + literal(edge.right()) : "";
		return "@FromStream(\"%1$s\") @JoinOn(parent = \"%2$s\"%3$s) Map<%4$s, List<%4$s>> %5$s".formatted(edge.child(),
				edge.parent(), keys, this.element, variable(edge.child()));
	}

	private static String variable(String stream) {
		return stream.replace('-', '_');
	}

	private static String literal(String text) {
		return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
	}

}
