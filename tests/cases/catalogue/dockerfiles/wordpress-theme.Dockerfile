FROM wordpress
COPY my-theme /usr/src/wordpress/wp-content/themes/my-theme
RUN chown -R www-data:www-data /usr/src/wordpress/wp-content/themes/my-theme
