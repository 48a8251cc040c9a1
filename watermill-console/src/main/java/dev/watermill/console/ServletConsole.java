package dev.watermill.console;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.csrf.CsrfToken;
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

	private static final Log logger = LogFactory.getLog(ServletConsole.class);

	private ServletConsole() {
	}

	static RouterFunction<ServerResponse> routes(ConsolePaths paths) {
		ConsoleFile page = ConsoleFile.page(paths.endpoint());
		logger.info("The console is at path '" + paths.page() + "'");
		RouterFunctions.Builder routes = RouterFunctions.route()
			.route(get(paths.page()), (request) -> answerPage(request, page));
		for (ConsoleFile asset : ConsoleFile.assets()) {
			routes.route(get(paths.assets() + asset.name()), (request) -> answer(request, asset));
		}
		return routes.build();
	}

	private static RequestPredicate get(String path) {
		return RequestPredicates.methods(HttpMethod.GET, HttpMethod.HEAD).and(RequestPredicates.path(path));
	}

	/**
	 * With a token the page is of one session, and nobody keeps it.
	 */
	private static ServerResponse answerPage(ServerRequest request, ConsoleFile page) {
		String meta = csrfMeta(request);
		return meta.isEmpty() ? answer(request, page)
				: respond(page).cacheControl(CacheControl.noStore()).body(page.withInHead(meta));
	}

	/**
	 * Return what tells the page its CSRF token, nothing if there is none.
	 */
	private static String csrfMeta(ServerRequest request) {
		// The class is there if somebody made one of it
		Object attribute = request.servletRequest().getAttribute("org.springframework.security.web.csrf.CsrfToken");
		return (attribute instanceof CsrfToken token) ? CsrfMeta.of(token.getHeaderName(), token.getToken()) : "";
	}

	/**
	 * Browsers keep what they have and ask each time whether it has changed, so that a
	 * page never meets the scripts of another version.
	 */
	private static ServerResponse answer(ServerRequest request, ConsoleFile file) {
		return request.checkNotModified(file.etag())
			.orElseGet(() -> respond(file).eTag(file.etag()).cacheControl(CacheControl.noCache()).body(file.content()));
	}

	private static ServerResponse.BodyBuilder respond(ConsoleFile file) {
		return ServerResponse.ok().headers(file::describe);
	}

}
