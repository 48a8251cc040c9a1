package dev.watermill.spring.vectors;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

					private static Object pairs(Map<?, ?> join) {
						List<Object> pairs = new ArrayList<>();
						join.forEach((parent, children) -> pairs.add(List.of(parent, list(children))));
						return pairs;
					}

					private static List<?> list(Object children) {
						return (children instanceof List<?> list) ? list
								: (children instanceof Optional<?> child) ? child.stream().toList()
										: List.of(children);
					}

				}
				""".formatted(className(), arguments, puts, variable(this.vector.master()));
	}

	private String master() {
		Map<String, String> window = this.vector.window();
		if (window.isEmpty()) {
			return "@FromStream(\"%s\") %s %s".formatted(this.vector.master(), this.element,
					variable(this.vector.master()));
		}
		String attributes = window.entrySet()
			.stream()
			.map((part) -> part.getKey().equals("count") ? "count = " + part.getValue()
					: (part.getKey().equals("by") ? "value" : part.getKey()) + " = " + literal(part.getValue()))
			.collect(Collectors.joining(", "));
		String windowBy = this.annotated ? "@WindowBy(" + attributes + ") " : "";
		return windowBy + "@FromStream(\"%s\") List<%s> %s".formatted(this.vector.master(), this.element,
				variable(this.vector.master()));
	}

	private String join(Vector.Edge edge) {
		String keys = this.annotated ? ", left = " + literal(edge.left()) + ", right = " + literal(edge.right()) : "";
		if (edge.isOptional() && !edge.isAsOf()) {
			keys += ", optional = true";
		}
		return "@FromStream(\"%s\") @JoinOn(parent = \"%s\"%s) %s Map<%s, %s> %s".formatted(edge.child(), edge.parent(),
				keys, kind(edge), this.element, matches(edge), variable(edge.child()));
	}

	private String matches(Vector.Edge edge) {
		if (!edge.isAsOf()) {
			return "List<" + this.element + ">";
		}
		return edge.isOptional() ? "Optional<" + this.element + ">" : this.element;
	}

	private String kind(Vector.Edge edge) {
		List<String> attributes = new ArrayList<>();
		if (edge.isAsOf()) {
			attributes.add("direction = AsOf.Direction." + edge.direction());
			attributes.add("exact = " + edge.isExact());
		}
		if (this.annotated) {
			edge.distances().forEach((name, distance) -> attributes.add(name + " = " + literal(distance)));
			if (!edge.byLeft().isEmpty()) {
				attributes.add("byLeft = " + literal(edge.byLeft()));
				attributes.add("byRight = " + literal(edge.byRight()));
			}
		}
		String values = "(" + String.join(", ", attributes) + ")";
		return edge.isAsOf() ? "@AsOf" + values : edge.isWithin() ? "@Within" + values : "";
	}

	private static String variable(String stream) {
		return stream.replace('-', '_');
	}

	private static String literal(String text) {
		return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
	}

}
