FROM php:8.3-apache
RUN docker-php-ext-install pdo pdo_mysql opcache
RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini" || true
COPY . /var/www/html/
