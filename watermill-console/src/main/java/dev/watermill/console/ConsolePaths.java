package dev.watermill.console;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.StringUtils;

/**
 * Where the console is, and where it finds the endpoint. What browsers see is relative to
 * the page, which is right under any context path and behind any proxy.
 *
 * @param page the path of the page within the application
 * @param assets the path of what the page is made of, with a slash at its end
 * @param endpoint the endpoint's URL as the page has it
 */
record ConsolePaths(String page, String assets, String endpoint) {

	/**
	 * Where the page is by default: the first of these that the Actuator leaves free. The
	 * last one always is, where the others are not.
	 */
	private static final List<String> DEFAULTS = List.of("/watermill", "/watermill-console", "/watermill/console");

	/**
	 * The directory of the assets, next to the page.
	 */
	private static final String ASSETS = "watermill-console/";

	private static final String ENDPOINT = "watermill";

	private static final String PROPERTY = "watermill.console.path";

	/**
	 * Derive the paths from the settings.
	 * @param properties the settings of the console
	 * @param endpoints the settings of all endpoints
	 * @param ownPort whether the endpoints have a port of their own
	 * @return the paths
	 * @throws InvalidConfigurationPropertyValueException if the page is configured to be
	 * where the Actuator is
	 */
	static ConsolePaths of(WaterMillConsoleProperties properties, WebEndpointProperties endpoints, boolean ownPort) {
		String actuator = path(endpoints.getBasePath());
		String mapped = endpoints.getPathMapping().get(ENDPOINT);
		String endpoint = path(actuator + path(StringUtils.hasText(mapped) ? mapped : ENDPOINT));
		boolean listed = endpoints.getDiscovery().isEnabled() && (ownPort || !actuator.equals("/"));
		String page = page(properties.getPath(), endpoint, listed ? actuator : null);
		String directory = directory(page);
		String url = StringUtils.hasText(properties.getEndpoint()) ? properties.getEndpoint().trim()
				: "../".repeat(StringUtils.countOccurrencesOf(directory, "/") - 1) + endpoint.substring(1);
		return new ConsolePaths(page, directory + ASSETS, url);
	}

	private static String page(@Nullable String configured, String endpoint, @Nullable String list) {
		if (!StringUtils.hasText(configured)) {
			return DEFAULTS.stream()
				.filter((candidate) -> obstacle(candidate, endpoint, list) == null)
				.findFirst()
				.orElseThrow();
		}
		String page = path(configured);
		String obstacle = obstacle(page, endpoint, list);
		if (obstacle != null) {
			throw new InvalidConfigurationPropertyValueException(PROPERTY, configured, obstacle);
		}
		return page;
	}

	/**
	 * Return why a page could not be reached, since the Actuator answers first, or
	 * {@code null}.
	 */
	private static @Nullable String obstacle(String page, String endpoint, @Nullable String list) {
		String directory = directory(page);
		if (page.equals(endpoint) || path(directory).equals(endpoint)) {
			return "the endpoint '" + ENDPOINT + "', at " + endpoint + ", answers there in place of the console. "
					+ "Choose another path";
		}
		if (path(directory + ASSETS).equals(endpoint)) {
			return "the console's styles and scripts would be where the endpoint '" + ENDPOINT + "' answers, at "
					+ endpoint + ". Choose another directory";
		}
		if (page.equals(list)) {
			return "the Actuator lists its endpoints there. Choose another path, or set "
					+ "management.endpoints.web.discovery.enabled=false";
		}
		return null;
	}

	private static String directory(String page) {
		return page.substring(0, page.lastIndexOf('/') + 1);
	}

	/**
	 * Return a path with one slash at its beginning and none at its end.
	 */
	private static String path(@Nullable String text) {
		String trimmed = (text != null) ? text.trim() : "";
		return "/" + StringUtils.trimTrailingCharacter(StringUtils.trimLeadingCharacter(trimmed, '/'), '/');
	}

}
