package dev.watermill.console;

import java.util.Map;

import org.jspecify.annotations.Nullable;

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
	 * The directory of the assets, next to the page.
	 */
	private static final String ASSETS = "watermill-console/";

	private static final String ENDPOINT = "watermill";

	/**
	 * Derive the paths from the settings.
	 * @param properties the settings of the console
	 * @param basePath the path that all endpoints are under
	 * @param pathMapping the paths of endpoints by their names, where these differ
	 * @return the paths
	 */
	static ConsolePaths of(WaterMillConsoleProperties properties, @Nullable String basePath,
			Map<String, String> pathMapping) {
		String page = path(properties.getPath());
		String directory = page.substring(0, page.lastIndexOf('/') + 1);
		String endpoint = properties.getEndpoint();
		if (!StringUtils.hasText(endpoint)) {
			String absolute = path(path(basePath) + path(pathMapping.getOrDefault(ENDPOINT, ENDPOINT)));
			endpoint = "../".repeat(StringUtils.countOccurrencesOf(directory, "/") - 1) + absolute.substring(1);
		}
		return new ConsolePaths(page, directory + ASSETS, endpoint.trim());
	}

	/**
	 * Return a path with one slash at its beginning and none at its end.
	 */
	private static String path(@Nullable String text) {
		String trimmed = (text != null) ? text.trim() : "";
		return "/" + StringUtils.trimTrailingCharacter(StringUtils.trimLeadingCharacter(trimmed, '/'), '/');
	}

}
