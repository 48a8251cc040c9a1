package dev.watermill.console;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Answers requests for the console in a servlet application.
 */
final class ServletConsole {

	private ServletConsole() {
	}

	static RouterFunction<ServerResponse> routes(ConsolePaths paths) {
		ConsoleFile page = ConsoleFile.page(paths.endpoint());
		RouterFunctions.Builder routes = RouterFunctions.route()
			.route(get(paths.page()), (request) -> answer(request, page));
		for (ConsoleFile asset : ConsoleFile.assets()) {
			routes.route(get(paths.assets() + asset.name()), (request) -> answer(request, asset));
		}
		return routes.build();
	}

	private static RequestPredicate get(String path) {
		return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
	}

	/**
	 * Browsers keep what they have and ask each time whether it has changed, so that a
	 * page never meets the scripts of another version.
	 */
	private static ServerResponse answer(ServerRequest request, ConsoleFile file) {
		return request.checkNotModified(file.etag())
			.orElseGet(() -> ServerResponse.ok()
				.contentType(file.type())
				.eTag(file.etag())
				.cacheControl(CacheControl.noCache())
				.header("Content-Security-Policy", ConsoleFile.CONTENT_SECURITY_POLICY)
				.header("Referrer-Policy", "same-origin")
				.header("X-Content-Type-Options", "nosniff")
				.body(file.content()));
	}

}
