package dev.watermill.docs;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.watermill.docs.Page.Link;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What pages link to within the project is there: files, and places on pages.
 */
class LinkTests {

	private final Map<Path, Page> pages = Page.all()
		.stream()
		.collect(Collectors.toMap(Page::path, Function.identity()));

	@Test
	void leadsToFilesAndPlacesThatExist() {
		List<String> broken = new ArrayList<>();
		for (Page page : this.pages.values()) {
			for (Link link : page.links()) {
				if (!link.target().matches("\\w+:.*") && !exists(page, link.target())) {
					broken.add("%s:%d: %s".formatted(page, link.line(), link.target()));
				}
			}
		}
		assertThat(broken).isEmpty();
	}

	@Test
	void everyPageIsFoundFromTheLandingPage() {
		List<Path> linked = new ArrayList<>(List.of(Path.of("docs/index.md")));
		for (int i = 0; i < linked.size(); i++) {
			Page page = this.pages.get(linked.get(i));
			if (page != null) {
				page.links()
					.stream()
					.filter((link) -> !link.target().matches("\\w+:.*"))
					.map((link) -> resolve(page, link.target()))
					.filter((path) -> !linked.contains(path))
					.forEach(linked::add);
			}
		}
		assertThat(linked).containsAll(this.pages.keySet());
	}

	@Test
	void seesALinkThatLeadsNowhere() {
		Page page = Page.parse(Path.of("docs/some.md"),
				List.of("# A page", "", "## Kinds of *joins*, and `more`", "[a](none.md) [b](#none) [c](kafka.md#none)",
						"[d](#kinds-of-joins-and-more) [e](kafka.md) [f](../pom.xml)"));
		assertThat(page.links()).filteredOn((link) -> !exists(page, link.target()))
			.extracting(Link::target)
			.containsExactly("none.md", "#none", "kafka.md#none");
	}

	private boolean exists(Page page, String target) {
		Path file = resolve(page, target);
		String anchor = URI.create(target).getFragment();
		if (anchor == null) {
			return Files.exists(Page.ROOT.resolve(file));
		}
		Page other = file.equals(page.path()) ? page : this.pages.get(file);
		return other != null && other.anchors().contains(anchor);
	}

	private static Path resolve(Page page, String target) {
		String path = URI.create(target).getPath();
		return path.isEmpty() ? page.path() : page.path().resolveSibling(path).normalize();
	}

}
