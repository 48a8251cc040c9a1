package dev.watermill.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.watermill.docs.Page.Block;
import dev.watermill.spring.properties.WaterMillProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.PropertySourcesPropertyResolver;
import org.springframework.core.io.ByteArrayResource;

/**
 * Settings that pages show: those of mills are bound as at start, and all others have to
 * be known to Spring Boot by its metadata.
 */
final class SettingSnippets {

	private final Set<String> known = new TreeSet<>();

	SettingSnippets() {
		try {
			for (URL metadata : Collections
				.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
				JsonNode properties = JsonMapper.shared().readTree(metadata.openStream()).path("properties");
				properties.forEach((property) -> this.known.add(property.path("name").asString()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the settings of a block of YAML, as Spring Boot reads them.
	 */
	static Map<String, Object> read(Block block) {
		Map<String, Object> settings = new LinkedHashMap<>();
		try {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load(block.toString(),
					new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))) {
				for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
					settings.put(name, String.valueOf(source.getProperty(name)));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return settings;
	}

	/**
	 * Return what is wrong with some settings.
	 */
	List<String> complaints(Map<String, Object> settings) {
		List<String> complaints = new ArrayList<>();
		settings.keySet()
			.stream()
			.filter((name) -> !isBound(ConfigurationPropertyName.adapt(name, '.')) && !isKnown(name))
			.map((name) -> "no property " + name)
			.forEach(complaints::add);
		MutablePropertySources sources = new MutablePropertySources();
		sources.addLast(new MapPropertySource("application name", Map.of("spring.application.name", "robots")));
		sources.addFirst(new MapPropertySource("page", settings));
		List<ConfigurationPropertySource> mills = new ArrayList<>();
		ConfigurationPropertySources.from(sources)
			.forEach((source) -> mills.add(source.filter(SettingSnippets::isBound)));
		PropertySourcesPropertyResolver placeholders = new PropertySourcesPropertyResolver(sources);
		try {
			new Binder(mills,
					(value) -> (value instanceof String text) ? placeholders.resolvePlaceholders(text) : value)
				.bind("watermill", Bindable.of(WaterMillProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
		}
		catch (BindException ex) {
			complaints.add(ex.getMessage() + ": " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
		}
		return complaints;
	}

	private static boolean isBound(ConfigurationPropertyName name) {
		return ConfigurationPropertyName.of("watermill").isAncestorOf(name)
				&& !ConfigurationPropertyName.of("watermill.kafka").isAncestorOf(name)
				&& !ConfigurationPropertyName.of("watermill.console").isAncestorOf(name);
	}

	/**
	 * Return whether a property is known, or a part of a known one, such as an element of
	 * a list or an entry of a map.
	 */
	private boolean isKnown(String name) {
		String whole = name.replaceAll("\\[.*?\\]", "");
		return this.known.contains(whole)
				|| this.known.stream().anyMatch((it) -> whole.startsWith(it + ".") && isMap(it));
	}

	private static boolean isMap(String property) {
		return property.endsWith(".properties") || property.endsWith(".group") || property.endsWith(".level")
				|| property.endsWith(".tags");
	}

}
