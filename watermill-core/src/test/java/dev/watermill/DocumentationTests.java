package dev.watermill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation names is there.
 */
class DocumentationTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

	/** A name of a type in code, alone or with one of its methods. */
	private static final Pattern TYPE = Pattern
		.compile("`([A-Z][A-Za-z]*[a-z])(?:\\.[a-z][A-Za-z]*(?<!imports))?(?:\\(\\))?`");

	private static final Pattern DECLARATION = Pattern
		.compile("\\b(?:class|interface|record|enum|@interface) ([A-Z]\\w*)");

	@Test
	void linksLeadToWhatIsThere() {
		List<String> broken = new ArrayList<>();
		for (Path page : pages()) {
			for (String link : find(LINK, prose(page))) {
				if (!link.contains("://") && !leadsSomewhere(page, link)) {
					broken.add(page + ": " + link);
				}
			}
		}
		assertThat(broken).isEmpty();
	}

	private static boolean leadsSomewhere(Path page, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
		if (!Files.exists(target)) {
			return false;
		}
		return parts.length == 1
				|| find(HEADING, prose(target)).stream().map(DocumentationTests::anchor).anyMatch(parts[1]::equals);
	}

	/**
	 * The name by which GitHub knows a heading.
	 */
	private static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
	}

	@Test
	void theArchitectureNamesTypesThatAreThere() {
		Set<String> types = sources().flatMap((source) -> find(DECLARATION, read(source)).stream())
			.collect(Collectors.toSet());
		List<String> named = find(TYPE, prose(ROOT.resolve("docs/architecture.md")));
		assertThat(named).hasSizeGreaterThan(50);
		assertThat(types).containsAll(named);
	}

	private static List<Path> pages() {
		try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
			return Stream
				.concat(pages.filter((page) -> page.toString().endsWith(".md")),
						Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md").map(ROOT::resolve))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<Path> sources() {
		try (Stream<Path> modules = Files.list(ROOT)) {
			return modules.map((module) -> module.resolve("src"))
				.filter(Files::isDirectory)
				.flatMap(DocumentationTests::walk)
				.filter((file) -> file.toString().endsWith(".java"))
				.toList()
				.stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<Path> walk(Path directory) {
		try {
			return Files.walk(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String prose(Path page) {
		return CODE_BLOCK.matcher(read(page)).replaceAll("");
	}

	private static List<String> find(Pattern pattern, String text) {
		return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).distinct().toList();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
