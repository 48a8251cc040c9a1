package dev.watermill.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.watermill.docs.Page.Block;

/**
 * A block of Java as a source file. What is whole stays as it is; what is a part of a
 * class, or of a method, gets one around it. What a reader has to imagine, such as a type
 * of his own, stands in a comment {@code with:} before the block.
 */
record JavaSnippet(Block block, Kind kind, List<String> imports, String body) {

	/**
	 * What a part may use without an import: readers find these by what the page is
	 * about.
	 */
	private static final List<String> KNOWN = List.of("java.io", "java.net", "java.nio.file", "java.time", "java.util",
			"java.util.concurrent", "java.util.function", "java.util.stream", "dev.watermill", "dev.watermill.broker",
			"dev.watermill.broker.file", "dev.watermill.broker.kafka", "dev.watermill.codec", "dev.watermill.delivery",
			"dev.watermill.engine", "dev.watermill.spring", "dev.watermill.spring.mill", "dev.watermill.stream",
			"org.springframework.boot", "org.springframework.context.annotation", "org.springframework.context.event",
			"org.springframework.stereotype", "tools.jackson.databind", "tools.jackson.databind.json");

	static JavaSnippet of(Block block) {
		List<String> imports = new ArrayList<>();
		String text = withoutImports(block.text(), imports);
		Kind kind = Stream.of(Kind.values())
			.filter((it) -> SnippetCompiler.parses(it.wrap("Snippet", text, "")))
			.findFirst()
			.orElse(Kind.TYPES);
		return new JavaSnippet(block, kind, imports, text);
	}

	/**
	 * Return the text with its imports taken out, line by line, so that the numbers of
	 * the lines stay.
	 */
	private static String withoutImports(String text, List<String> imports) {
		return text.lines().map((line) -> {
			if (line.startsWith("import ")) {
				imports.add(line);
				return "";
			}
			return line;
		}).collect(Collectors.joining("\n"));
	}

	String className() {
		String type = this.body
			.replaceAll("(?s).*?\\bpublic\\s+(?:final\\s+)?(?:class|record|interface|enum)\\s+(\\w+).*", "$1");
		return (this.kind == Kind.TYPES && type.matches("\\w+")) ? type : "Snippet" + this.block.line();
	}

	/**
	 * Return the source file, the first line of which holds all that is put before the
	 * block.
	 */
	String source(String packageName) {
		List<String> allImports = new ArrayList<>(this.imports);
		String with = this.block.told("with")
			.stream()
			.map((told) -> withoutImports(told, allImports))
			.collect(Collectors.joining("\n"));
		if (this.imports.isEmpty()) {
			KNOWN.stream().map((name) -> "import " + name + ".*;").forEach(allImports::add);
		}
		return "package " + packageName + "; " + String.join(" ", allImports)
				+ this.kind.wrap(className(), this.body, with);
	}

	/**
	 * What a block is by itself.
	 */
	enum Kind {

		/** Whole types. */
		TYPES {

			@Override
			String wrap(String name, String body, String with) {
				return "\n" + body + "\n" + with;
			}

		},

		/** Methods and fields of a class. */
		MEMBERS {

			@Override
			String wrap(String name, String body, String with) {
				return " abstract class " + name + " {\n" + body + "\n" + with + "\n}\n";
			}

		},

		/** Statements of a method. */
		STATEMENTS {

			@Override
			String wrap(String name, String body, String with) {
				return " abstract class " + name + " { void snippet() throws Exception {\n" + body + "\n}\n" + with
						+ "\n}\n";
			}

		};

		abstract String wrap(String name, String body, String with);

	}

}
