package dev.watermill.docs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import dev.watermill.docs.Page.Block;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What pages show besides Java and settings: commands name modules, classes and files
 * that exist, dependencies are ours, JSON is JSON.
 */
class OtherSnippetTests {

	private static final Set<String> LANGUAGES = Set.of("", "java", "json", "python", "shell", "text", "xml", "yaml");

	private static final Pattern MODULE = Pattern.compile("-pl ([\\w,-]+)");

	private static final Pattern CLASS = Pattern.compile("\\bdev(?:\\.\\w+)+\\.([A-Z]\\w+)");

	private static final Pattern TEST = Pattern.compile("-Dtest=['\"]?([\\w,#*.]+)");

	private static final Pattern FILE = Pattern.compile("(?<![\\w/.])(?:etc|demo-app|docs)/[\\w./-]+[\\w]");

	private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(watermill[\\w-]+)</artifactId>");

	@Test
	void saysWhatABlockIs() {
		assertThat(blocks()).allSatisfy((block) -> assertThat(block.language()).as(block.toString()).isIn(LANGUAGES));
	}

	@Test
	void commandsNameWhatExists() throws IOException {
		Set<String> classes = classes();
		List<String> missing = new ArrayList<>();
		for (Block block : blocks("shell")) {
			groups(MODULE, block).flatMap((it) -> Stream.of(it.split(",")))
				.filter((it) -> !Files.exists(Page.ROOT.resolve(it).resolve("pom.xml")))
				.forEach((it) -> missing.add(block + ": module " + it));
			Stream
				.concat(groups(CLASS, block),
						groups(TEST, block).flatMap((it) -> Stream.of(it.split(",")))
							.map((it) -> it.replaceAll("#.*", "")))
				.map((it) -> it.substring(it.lastIndexOf('.') + 1))
				.filter((it) -> !it.contains("*") && !classes.contains(it))
				.forEach((it) -> missing.add(block + ": class " + it));
			groups(FILE, block).filter((it) -> !it.contains("target") && !Files.exists(Page.ROOT.resolve(it)))
				.forEach((it) -> missing.add(block + ": file " + it));
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void dependenciesArePublished() throws IOException {
		String published = Files.readString(Page.ROOT.resolve("watermill-bom/pom.xml"));
		for (Block block : blocks("xml")) {
			assertThat(new ByteArrayInputStream(("<x>" + block.text() + "</x>").getBytes(StandardCharsets.UTF_8)))
				.as(block.toString())
				.satisfies((xml) -> DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml));
			assertThat(groups(ARTIFACT, block)).as(block.toString())
				.allSatisfy((artifact) -> assertThat(published).contains("<artifactId>" + artifact + "</artifactId>"));
		}
	}

	@Test
	void jsonIsJson() {
		List<String> complaints = new ArrayList<>();
		for (Block block : blocks("json")) {
			try (MappingIterator<JsonNode> values = JsonMapper.shared()
				.readerFor(JsonNode.class)
				.readValues(block.text())) {
				assertThat(values.readAll()).as(block.toString()).isNotEmpty();
			}
			catch (JacksonException ex) {
				complaints.add(block + ": " + ex.getOriginalMessage());
			}
		}
		assertThat(complaints).isEmpty();
	}

	private static Set<String> classes() throws IOException {
		Set<String> classes = new HashSet<>();
		try (Stream<Path> modules = Files.list(Page.ROOT)) {
			for (Path sources : modules.map((it) -> it.resolve("src")).filter(Files::exists).toList()) {
				try (Stream<Path> files = Files.walk(sources)) {
					files.map((path) -> path.getFileName().toString())
						.filter((name) -> name.endsWith(".java"))
						.forEach((name) -> classes.add(name.replace(".java", "")));
				}
			}
		}
		return classes;
	}

	private static Stream<String> groups(Pattern pattern, Block block) {
		return pattern.matcher(block.text())
			.results()
			.map((MatchResult it) -> (it.groupCount() == 0) ? it.group() : it.group(1));
	}

	private static List<Block> blocks() {
		return Page.all().stream().flatMap((page) -> page.blocks().stream()).toList();
	}

	private static List<Block> blocks(String language) {
		return blocks().stream().filter((block) -> block.language().equals(language)).toList();
	}

}
