package dev.watermill.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of Markdown: its fenced blocks, its headings as others link to them, and its
 * links.
 *
 * @param path where it is, below the root of the project
 * @param blocks the fenced blocks, in order
 * @param anchors what a link to a place on this page may name
 * @param links where it leads to
 */
record Page(Path path, List<Block> blocks, Set<String> anchors, List<Link> links) {

	/**
	 * The root of the project, of which tests run in a module.
	 */
	static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern FENCE = Pattern.compile("^(\\s*)```(\\S*)\\s*$");

	private static final Pattern DIRECTIVE = Pattern.compile("<!--\\s*(\\w+):\\s*(.*?)\\s*-->", Pattern.DOTALL);

	private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s+(.*?)\\s*#*$");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern LABELLED = Pattern.compile("^\\[[^\\]]+\\]:\\s+(\\S+)");

	/**
	 * Return all pages that the project shows to its users.
	 */
	static List<Page> all() {
		List<Path> paths = new ArrayList<>();
		try (Stream<Path> root = Files.list(ROOT); Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			Stream.concat(root, docs).filter((path) -> path.toString().endsWith(".md")).sorted().forEach(paths::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		paths.add(ROOT.resolve("demo-app/data/README.md"));
		return paths.stream().map(Page::read).toList();
	}

	static Page read(Path path) {
		try {
			return parse(ROOT.relativize(path), Files.readAllLines(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Page parse(Path path, List<String> lines) {
		List<Block> blocks = new ArrayList<>();
		Set<String> anchors = new LinkedHashSet<>();
		List<Link> links = new ArrayList<>();
		StringBuilder comment = new StringBuilder();
		boolean commenting = false;
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i);
			Matcher fence = FENCE.matcher(line);
			if (commenting || line.stripLeading().startsWith("<!--")) {
				comment.append(line).append('\n');
				commenting = !line.contains("-->");
			}
			else if (fence.matches()) {
				int end = endOf(lines, i, path);
				blocks.add(new Block(path, i + 2, fence.group(2), text(lines.subList(i + 1, end), fence.group(1)),
						directives(comment)));
				comment.setLength(0);
				i = end;
			}
			else {
				if (!line.isBlank()) {
					comment.setLength(0);
				}
				heading(line, anchors);
				links(line, i + 1, links);
			}
		}
		return new Page(path, blocks, anchors, links);
	}

	private static int endOf(List<String> lines, int start, Path path) {
		for (int i = start + 1; i < lines.size(); i++) {
			if (lines.get(i).strip().equals("```")) {
				return i;
			}
		}
		throw new IllegalStateException("%s:%d: a block that does not end".formatted(path, start + 1));
	}

	private static String text(List<String> lines, String indent) {
		return String.join("\n",
				lines.stream().map((line) -> line.startsWith(indent) ? line.substring(indent.length()) : line).toList())
				+ "\n";
	}

	private static List<Directive> directives(CharSequence comment) {
		return DIRECTIVE.matcher(comment).results().map((it) -> new Directive(it.group(1), it.group(2))).toList();
	}

	/**
	 * Add the anchor of a heading, as GitHub makes it: in lower case, without
	 * punctuation, with hyphens for blanks, and numbered if it is there already.
	 */
	private static void heading(String line, Set<String> anchors) {
		Matcher heading = HEADING.matcher(line);
		if (heading.matches()) {
			String text = heading.group(1).replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
			String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}_\\- ]", "").replace(' ', '-');
			String anchor = slug;
			for (int i = 1; !anchors.add(anchor); i++) {
				anchor = slug + "-" + i;
			}
		}
	}

	private static void links(String line, int number, List<Link> links) {
		String text = line.replaceAll("`[^`]*`", "``");
		LINK.matcher(text).results().forEach((it) -> links.add(new Link(number, it.group(1))));
		LABELLED.matcher(text).results().forEach((it) -> links.add(new Link(number, it.group(1))));
	}

	/**
	 * Return the name of the package that this page's Java is compiled in.
	 */
	String packageName() {
		String file = this.path.getFileName().toString().replaceFirst("\\.md$", "");
		return "page." + file.toLowerCase(Locale.ROOT).replaceAll("\\W", "_");
	}

	List<Block> blocks(String language) {
		return this.blocks.stream().filter((block) -> block.language().equals(language)).toList();
	}

	@Override
	public String toString() {
		return this.path.toString();
	}

	/**
	 * A fenced block.
	 *
	 * @param page the page it is on
	 * @param line the number of its first line there
	 * @param language what the fence says it is
	 * @param text its lines
	 * @param directives what the comments directly before it say about it
	 */
	record Block(Path page, int line, String language, String text, List<Directive> directives) {

		List<String> told(String name) {
			return this.directives.stream().filter((it) -> it.name().equals(name)).map(Directive::value).toList();
		}

		@Override
		public String toString() {
			return this.page + ":" + this.line;
		}

	}

	/**
	 * What a comment before a block says, which readers don't see: {@code name: value}.
	 */
	record Directive(String name, String value) {

	}

	/**
	 * Where a page leads to.
	 */
	record Link(int line, String target) {

	}

}
