package dev.watermill.console;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * Answers requests for the console in a reactive application, as {@link ServletConsole}
 * does elsewhere.
 */
final class ReactiveConsole {

	private static final Log logger = LogFactory.getLog(ReactiveConsole.class);

	private ReactiveConsole() {
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

	private static Mono<ServerResponse> answerPage(ServerRequest request, ConsoleFile page) {
		return csrfMeta(request)
			.flatMap((meta) -> respond(page).cacheControl(CacheControl.noStore()).bodyValue(page.withInHead(meta)))
			.switchIfEmpty(Mono.defer(() -> answer(request, page)));
	}

	/**
	 * Return what tells the page its CSRF token, nothing if there is none. The token is
	 * made, and kept, only where somebody asks for it.
	 */
	private static Mono<String> csrfMeta(ServerRequest request) {
		// The class is there if somebody made one of it
		Object attribute = request.attributes().get("org.springframework.security.web.server.csrf.CsrfToken");
		return (attribute instanceof Mono<?> token)
				? token.ofType(CsrfToken.class).map((csrf) -> CsrfMeta.of(csrf.getHeaderName(), csrf.getToken()))
				: Mono.empty();
	}

	private static Mono<ServerResponse> answer(ServerRequest request, ConsoleFile file) {
		return request.checkNotModified(file.etag())
			.switchIfEmpty(Mono.defer(() -> respond(file).eTag(file.etag())
				.cacheControl(CacheControl.noCache())
				.bodyValue(file.content())));
	}

	private static ServerResponse.BodyBuilder respond(ConsoleFile file) {
		return ServerResponse.ok().headers(file::describe);
	}

}
