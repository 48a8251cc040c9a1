package dev.watermill.console;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.util.HtmlUtils;

/**
 * What tells the page the CSRF token that Spring Security expects with each action, where
 * there is Spring Security: by default it keeps the token in the session, where no script
 * finds it.
 */
final class CsrfMeta {

	private CsrfMeta() {
	}

	/**
	 * Return elements for the head of the page, in the form that Spring Security's
	 * documentation gives them.
	 * @param request the request for the page
	 * @return the elements, empty if there is no token
	 */
	static String of(HttpServletRequest request) {
		// The class is there if somebody made one of it
		Object attribute = request.getAttribute("org.springframework.security.web.csrf.CsrfToken");
		if (attribute instanceof CsrfToken token) {
			return meta("_csrf", token.getToken()) + meta("_csrf_header", token.getHeaderName());
		}
		return "";
	}

	private static String meta(String name, String content) {
		return "<meta name=\"" + name + "\" content=\"" + HtmlUtils.htmlEscape(content) + "\">\n";
	}

}
