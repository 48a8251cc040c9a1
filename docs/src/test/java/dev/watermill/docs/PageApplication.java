package dev.watermill.docs;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.watermill.docs.Page.Block;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * A page that can be followed: its reader makes the files that stand in blocks with a
 * comment {@code file:}, starts the application, and sees what stands in blocks with a
 * comment {@code shows:}. Here as there, but for the directory in which all this is.
 */
final class PageApplication {

	private static final String SETTINGS = "application.yml";

	/**
	 * Behind a file in a comment {@code shows:}: the fields that the page shows of it.
	 */
	private static final String FIELDS = " of [\\w, ]+$";

	private final Page page;

	private final Path directory;

	PageApplication(Page page, Path directory) {
		this.page = page;
		this.directory = directory;
	}

	/**
	 * Return whether a page is one to follow.
	 */
	static boolean isOn(Page page) {
		return page.blocks().stream().anyMatch((block) -> !block.told("shows").isEmpty());
	}

	/**
	 * Make the files, and run the application until its mills are over.
	 * @param classes where the page's classes are
	 * @return the exit code
	 */
	int run(Path classes) throws IOException {
		Map<String, Object> settings = new LinkedHashMap<>();
		for (Block block : this.page.blocks()) {
			for (String file : block.told("file")) {
				if (file.equals(SETTINGS)) {
					settings.putAll(SettingSnippets.read(block));
				}
				else {
					Path path = this.directory.resolve(file);
					Files.createDirectories(path.getParent());
					Files.writeString(path, block.text());
				}
			}
		}
		settings.replaceAll((name, value) -> name.endsWith(".file") ? inDirectory(String.valueOf(value)) : value);
		settings.put("watermill.state-dir", inDirectory(".watermill"));
		settings.put("watermill.exit-on-completion", "true");
		try (URLClassLoader loader = new URLClassLoader(new URL[] { url(classes) }, getClass().getClassLoader())) {
			return run(loader, application(classes), settings);
		}
	}

	private static int run(ClassLoader loader, String application, Map<String, Object> settings) {
		Thread.currentThread().setContextClassLoader(loader);
		try {
			SpringApplication spring = new SpringApplication(new DefaultResourceLoader(loader),
					loader.loadClass(application));
			spring.setBannerMode(Banner.Mode.OFF);
			spring.setWebApplicationType(WebApplicationType.NONE);
			spring.setRegisterShutdownHook(false);
			StandardEnvironment environment = new StandardEnvironment();
			environment.getPropertySources().addFirst(new MapPropertySource("page", settings));
			spring.setEnvironment(environment);
			return SpringApplication.exit(spring.run());
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			Thread.currentThread().setContextClassLoader(PageApplication.class.getClassLoader());
		}
	}

	/**
	 * Return what a reader sees in the files of which the page shows him what is in them.
	 */
	Map<String, List<String>> shown() throws IOException {
		Map<String, List<String>> shown = new LinkedHashMap<>();
		for (Block block : this.page.blocks()) {
			for (String told : block.told("shows")) {
				Path path = this.directory.resolve(told.replaceAll(FIELDS, ""));
				shown.put(block + ": " + told, Files.exists(path) ? lines(Files.readString(path), told) : List.of());
			}
		}
		return shown;
	}

	/**
	 * Return what the page promises of these files.
	 */
	Map<String, List<String>> promised() {
		Map<String, List<String>> promised = new LinkedHashMap<>();
		for (Block block : this.page.blocks()) {
			block.told("shows").forEach((told) -> promised.put(block + ": " + told, lines(block.text(), told)));
		}
		return promised;
	}

	/**
	 * Return the lines of a text, or some fields of its values.
	 */
	private static List<String> lines(String text, String told) {
		if (!told.matches(".*" + FIELDS)) {
			return text.lines().toList();
		}
		List<String> fields = List.of(told.replaceAll(".* of ", "").split(", "));
		try (MappingIterator<ObjectNode> values = JsonMapper.shared().readerFor(ObjectNode.class).readValues(text)) {
			return values.readAll().stream().map((value) -> value.retain(fields).toString()).toList();
		}
	}

	private String inDirectory(String file) {
		return file.startsWith("classpath:") ? file : this.directory.resolve(file).toString();
	}

	/**
	 * Return the class with the {@code main} of the page.
	 */
	private String application(Path classes) throws IOException {
		String packageName = this.page.packageName();
		try (Stream<Path> files = Files.list(classes.resolve(packageName.replace('.', '/')))) {
			return files.map((path) -> path.getFileName().toString())
				.filter((name) -> name.endsWith("Application.class"))
				.map((name) -> packageName + "." + name.replace(".class", ""))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException(this.page + " has no class with a main method"));
		}
	}

	private static URL url(Path classes) throws MalformedURLException {
		return classes.toUri().toURL();
	}

}
